package io.atlaskv.testkit.crash;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A server small enough to be plainly right, with planted faults: the ledger has to pass the first
/// and to find each of the others.
///
/// Arguments: directory, `--`, fault. One text line in the log per command, written before the
/// reply.
public final class ToyServer {
  /// What the server does wrong.
  enum Fault {
    NONE,
    /// One acknowledged SET of some hundred is not logged.
    FORGETS_SETS,
    /// One acknowledged DEL of some ten is not logged.
    FORGETS_DELETES,
    /// After a restart one key has another one's value.
    MIXES_UP_VALUES
  }

  private final Map<String, String> rows = new HashMap<>();
  private final FileChannel log;
  private final Fault fault;
  private int sets;
  private int deletes;
  private int polls;

  private ToyServer(Path file, Fault fault) throws IOException {
    this.fault = fault;
    if (Files.exists(file)) {
      var text = Files.readString(file, StandardCharsets.ISO_8859_1);
      text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .forEach(line -> apply(List.of(line.split(" "))));
    }
    if (fault == Fault.MIXES_UP_VALUES && rows.size() > 1) {
      var keys = rows.keySet().stream().sorted().limit(2).toList();
      rows.put(keys.get(0), rows.getOrDefault(keys.get(1), ""));
    }
    log =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  public static void main(String[] arguments) throws IOException {
    var server = new ToyServer(Path.of(arguments[0]).resolve("log"), Fault.valueOf(arguments[2]));
    try (var listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      System.out.println("Ready to accept connections on 127.0.0.1:" + listener.getLocalPort());
      while (true) {
        var socket = listener.accept();
        Thread.ofPlatform().daemon().start(() -> server.serve(socket));
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var input = new BufferedInputStream(socket.getInputStream());
      var output = new BufferedOutputStream(socket.getOutputStream());
      while (true) {
        var words = readCommand(input);
        if (words.isEmpty()) {
          return;
        }
        output.write(execute(words).getBytes(StandardCharsets.ISO_8859_1));
        if (input.available() == 0) {
          output.flush();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized String execute(List<String> words) throws IOException {
    return switch (words.getFirst()) {
      case "PING" -> "+PONG\r\n";
      case "GET" -> {
        var value = rows.get(words.get(1));
        yield value == null ? "$-1\r\n" : bulk(value);
      }
      case "DBSIZE" -> ":" + rows.size() + "\r\n";
      case "INFO" -> {
        polls++; // each phase now and then, so that kills hit it
        yield bulk(
            """
            atlas_flush_running:%d\r
            atlas_compaction_running:%d\r
            atlas_log_segment_switches:%d\r
            """
                .formatted(polls & 1, polls >> 1 & 1, polls >> 2));
      }
      case "DEL" -> {
        if (fault != Fault.FORGETS_DELETES || ++deletes % 13 != 0) {
          write(words);
        }
        yield apply(words);
      }
      case "SET", "MSET" -> {
        if (fault != Fault.FORGETS_SETS || ++sets % 307 != 0) {
          write(words);
        }
        yield apply(words);
      }
      default -> "-ERR unknown command\r\n";
    };
  }

  private String apply(List<String> words) {
    if (words.getFirst().equals("DEL")) {
      return rows.remove(words.get(1)) == null ? ":0\r\n" : ":1\r\n";
    }
    for (int i = 1; i < words.size(); i += 2) {
      rows.put(words.get(i), words.get(i + 1));
    }
    return "+OK\r\n";
  }

  private void write(List<String> words) throws IOException {
    var line = (String.join(" ", words) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    var bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      log.write(bytes);
    }
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /// Empty at the end of the connection.
  private static List<String> readCommand(InputStream input) throws IOException {
    var words = new ArrayList<String>();
    var first = readLine(input);
    if (!first.startsWith("*")) {
      return first.isEmpty() ? words : List.of(first);
    }
    for (int i = Integer.parseInt(first.substring(1)); i > 0; i--) {
      int length = Integer.parseInt(readLine(input).substring(1));
      words.add(new String(input.readNBytes(length), StandardCharsets.ISO_8859_1));
      readLine(input);
    }
    return words;
  }

  private static String readLine(InputStream input) throws IOException {
    var line = new StringBuilder();
    for (int next = input.read(); next >= 0 && next != '\n'; next = input.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
