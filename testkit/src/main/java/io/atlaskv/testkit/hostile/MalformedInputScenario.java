package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.RespReply;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Bytes that are no RESP: each connection gets an answer or is closed, and nobody else notices.
final class MalformedInputScenario {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int FUZZED_CONNECTIONS = 2000;
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long GROWTH_KIB_MAX = 128 * 1024;

  private static final List<String> PROTOCOL_ERRORS =
      List.of(
          "*2147483648\r\n",
          "*9999999999999\r\n",
          "*x\r\n",
          "*1\r\n+PING\r\n",
          "*1\r\n$-1\r\n",
          "*1\r\n$536870913\r\n",
          "*1\r\n$99999999999999999999\r\n",
          "*2\r\n$3\r\nGET\r\n$x\r\n",
          "\"unbalanced\r\n",
          "a".repeat(70_000));

  private static final List<String> VALID =
      List.of(
          "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n",
          "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
          "*3\r\n$5\r\nRANGE\r\n$1\r\n-\r\n$1\r\n+\r\n",
          "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n",
          "*4\r\n$4\r\nSCAN\r\n$1\r\n0\r\n$5\r\nCOUNT\r\n$3\r\n100\r\n",
          "*4\r\n$8\r\nSETRANGE\r\n$1\r\nk\r\n$3\r\n100\r\n$1\r\nx\r\n",
          "*5\r\n$8\r\nBITFIELD\r\n$1\r\nk\r\n$3\r\nGET\r\n$2\r\nu8\r\n$1\r\n0\r\n",
          "*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*1\r\n$4\r\nEXEC\r\n",
          "*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\nnews\r\n",
          "*3\r\n$7\r\nPUBLISH\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
          "INCR counter\r\n",
          "PING\r\n");

  private static final List<String> HUGE =
      List.of("*1048576\r\n", "*2147483647\r\n", "$536870912\r\n", "*-1\r\n", "*0\r\n", "\r\n");

  private MalformedInputScenario() {}

  static void protocolErrors(ServerLauncher launcher, Path directory) throws IOException {
    try (var server = launcher.start(directory)) {
      for (var bytes : PROTOCOL_ERRORS) {
        try (var connection = new RawConnection(server.port())) {
          connection.send(bytes);
          var reply = connection.finish(TIMEOUT_MILLIS);
          var shown = bytes.substring(0, Math.min(40, bytes.length())).replace("\r\n", "\\r\\n");
          Scenario.require(
              reply.startsWith("-ERR Protocol error") && reply.endsWith("\r\n"),
              shown + " was answered '" + reply + "'");
        }
        requireAlive(server);
      }
    }
  }

  /// Valid pipelines with changed, doubled and missing bytes and huge numbers, cut anywhere and
  /// sent in two pieces: each is answered or closed, and somebody else is served in between.
  static void fuzz(ServerLauncher launcher, Path directory) throws IOException {
    var random = new Random(SEED);
    try (var server = launcher.start(directory);
        var other = server.connect()) {
      var statistics = new ProcessStatistics(server.pid());
      long before = statistics.statusKib("RssAnon");
      for (int round = 0; round < FUZZED_CONNECTIONS; round++) {
        var bytes = mutated(random);
        try (var connection = new RawConnection(server.port())) {
          int cut = random.nextInt(bytes.length + 1);
          connection.send(Arrays.copyOf(bytes, cut));
          Scenario.require(
              other.call("ECHO", "other").equals(new RespReply.Bulk("other")), "no echo any more");
          connection.send(Arrays.copyOfRange(bytes, cut, bytes.length));
          connection.finish(TIMEOUT_MILLIS);
        } catch (IOException e) {
          throw new IOException(
              "round "
                  + round
                  + " of seed "
                  + SEED
                  + ": "
                  + new String(bytes, StandardCharsets.ISO_8859_1),
              e);
        }
        if (round % 100 == 0) {
          requireAlive(server);
        }
      }
      requireAlive(server);
      long growth = statistics.statusKib("RssAnon") - before;
      Scenario.require(growth < GROWTH_KIB_MAX, "memory grew by " + growth + " KiB");
    }
  }

  private static byte[] mutated(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      text.append(VALID.get(random.nextInt(VALID.size())));
    }
    for (int i = random.nextInt(1, 6); i > 0 && !text.isEmpty(); i--) {
      int position = random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0 -> text.setCharAt(position, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(position);
        case 2 -> text.insert(position, text.substring(position));
        case 3 -> text.setLength(position);
        case 4 -> text.insert(position, HUGE.get(random.nextInt(HUGE.size())));
        default -> text.insert(position, Long.toString(random.nextLong()));
      }
      text.setLength(Math.min(text.length(), 1 << 16));
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A value beyond the limit is refused; the same connection or a new one goes on.
  static void oversizedValue(ServerLauncher launcher, Path directory) throws IOException {
    try (var server = launcher.start(directory, "--memory-limit", "128mb")) {
      try (var connection = server.connect()) {
        Scenario.require(
            connection.call("SET", "small", "kept").equals(new RespReply.Status("OK")), "no OK");
      }
      try (var connection = new RawConnection(server.port())) {
        connection.send("*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$33554432\r\n");
        var megabyte = new byte[1 << 20];
        for (int i = 0; i < 32 && connection.send(megabyte); i++) {
          // Goes on until all is sent, or the server has closed the connection.
        }
        connection.send("\r\n");
        var reply = connection.finish(TIMEOUT_MILLIS);
        Scenario.require(
            reply.isEmpty() || reply.startsWith("-"), "32 MiB were answered '" + reply + "'");
      }
      requireAlive(server);
      try (var connection = server.connect()) {
        Scenario.require(
            connection.call("GET", "small").equals(new RespReply.Bulk("kept")), "small is gone");
        Scenario.require(
            connection.call("EXISTS", "big").equals(new RespReply.Int(0)), "big was stored");
      }
    }
  }

  static void requireAlive(ServerProcess server) {
    Scenario.require(server.isAlive(), "the server died:\n" + server.lastOutput());
    try (var connection = server.connect()) {
      Scenario.require(
          connection.call("PING").equals(new RespReply.Status("PONG")), "no PONG any more");
    }
  }
}
