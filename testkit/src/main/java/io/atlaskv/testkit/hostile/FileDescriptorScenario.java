package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.RespReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;

/// More clients than the server has file descriptors for: those that are connected are served, the
/// others wait or are refused, and when there is room again new ones are served.
final class FileDescriptorScenario {
  private static final int TIMEOUT_MILLIS = 20_000;

  private FileDescriptorScenario() {}

  static void few(ServerLauncher launcher, Path directory) throws IOException {
    exhaust(launcher.withFileLimit(64), directory, 100);
  }

  static void some(ServerLauncher launcher, Path directory) throws IOException {
    exhaust(launcher.withFileLimit(256), directory, 350);
  }

  private static void exhaust(ServerLauncher launcher, Path directory, int clients)
      throws IOException {
    try (var server = launcher.start(directory);
        var first = server.connect()) {
      var crowd = new ArrayList<RawConnection>();
      try {
        for (int i = 0; i < clients; i++) {
          crowd.add(new RawConnection(server.port()));
        }
        for (int i = 0; i < 1000; i++) {
          var reply = first.call("SET", "key:" + i, "value");
          Scenario.require(
              reply.equals(new RespReply.Status("OK")), "the first client was answered " + reply);
        }
        Scenario.require(server.isAlive(), "the server died:\n" + server.lastOutput());
      } catch (UncheckedIOException e) {
        throw new IOException(e.getMessage() + "; it said:\n" + server.lastOutput(), e);
      } finally {
        for (var connection : crowd) {
          connection.close();
        }
      }
      try (var next = new RawConnection(server.port())) {
        next.send("GET key:7\r\n");
        var reply = next.finish(TIMEOUT_MILLIS);
        Scenario.require(
            reply.equals("$5\r\nvalue\r\n"), "after the crowd, GET was answered '" + reply + "'");
      }
      MalformedInputScenario.requireAlive(server);
    }
  }
}
