package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays `golden/resp/<command>.txt` and, in version 3 of the protocol, `golden/resp3`: a
/// command, `----`, its reply. The replies were recorded from Redis 7.0.15; where 7.2 or we differ,
/// the file says so in a comment.
///
/// `RESP 3` goes on in that version of the protocol.
///
/// - `-Datlaskv.golden.record=127.0.0.1:6379` writes what that server answers (files of our own
///   commands left alone).
/// - `-Datlaskv.golden.rewrite=true` writes what we answer. Review the diff.
class RespGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/resp");
  private static final Path FOLDER_3 = Path.of("src/test/resources/golden/resp3");
  private static final List<String> OURS =
      List.of(
          "command.txt",
          "config.txt",
          "debug.txt",
          "delrange.txt",
          "info.txt",
          "lolwut.txt",
          "range.txt",
          "rangecount.txt",
          "waitaof.txt");

  @TestFactory
  Stream<DynamicTest> repliesAreThoseOfRedis() throws IOException {
    String record = System.getProperty("atlaskv.golden.record", "");
    boolean isRewriting = Boolean.getBoolean("atlaskv.golden.rewrite");
    List<Path> files;
    try (Stream<Path> found = Files.list(FOLDER);
        Stream<Path> found3 = Files.list(FOLDER_3)) {
      files = Stream.concat(found, found3).sorted().toList();
    }
    return files.stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getParent().getFileName() + "/" + file.getFileName(),
                () -> {
                  boolean isOurs = OURS.contains(file.getFileName().toString());
                  if (!record.isEmpty() && !isOurs) {
                    try (var redis = new RemoteRedis(record)) {
                      Files.writeString(file, replay(file, redis::call));
                    }
                    return;
                  }
                  SimStore store = SimStore.create(1, Durability.OS);
                  var client = new LocalClient(store);
                  String replayed = replay(file, client::call);
                  store.close();
                  if (isRewriting || (!record.isEmpty() && isOurs)) {
                    Files.writeString(file, replayed);
                  } else {
                    assertEquals(Files.readString(file), replayed);
                  }
                }));
  }

  /// The file's text with the replies that `server` gives.
  private static String replay(Path file, Function<String[], String> server) throws IOException {
    assertEquals("+OK\r\n", server.apply(new String[] {"FLUSHALL"}));
    if (file.startsWith(FOLDER_3)) {
      String hello = server.apply(new String[] {"HELLO", "3"});
      assertTrue(hello.startsWith("%"), hello);
    }
    var text = new StringBuilder();
    boolean isReply = false;
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) {
        isReply = false;
      } else if (line.startsWith("RESP ")) {
        assertTrue(server.apply(new String[] {"HELLO", line.substring(5)}).contains("proto"));
        text.append(line).append("\n\n");
      } else if (!isReply && line.startsWith("#")) {
        text.append(line).append('\n');
      } else if (line.equals("----")) {
        isReply = true;
      } else if (!isReply) {
        String reply = server.apply(words(line));
        text.append(line).append("\n----\n").append(readable(reply)).append("\n");
      }
    }
    return text.toString();
  }

  private static String readable(String reply) {
    var text = new StringBuilder();
    for (int i = 0; i < reply.length(); i++) {
      char c = reply.charAt(i);
      if (c == '\r' && i + 1 < reply.length() && reply.charAt(i + 1) == '\n') {
        i++;
        text.append(i + 1 < reply.length() && reply.charAt(i + 1) == '\r' ? "\n\\" : "\n");
      } else if (c < ' ' || c > '~') {
        text.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String[] words(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean isQuoted = false;
    boolean isWord = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        isQuoted = !isQuoted;
        isWord = true;
      } else if (c == ' ' && !isQuoted) {
        if (isWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
      } else {
        word.append(c);
        isWord = true;
      }
    }
    if (isWord) {
      words.add(word.toString());
    }
    return words.toArray(String[]::new);
  }

  /// A server to record from.
  private static final class RemoteRedis implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RemoteRedis(String address) throws IOException {
      int colon = address.indexOf(':');
      socket =
          new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
      in = socket.getInputStream();
    }

    String call(String[] words) {
      var request = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        request.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
      }
      try {
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
        var reply = new StringBuilder();
        read(reply);
        return reply.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void read(StringBuilder reply) throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        line.append((char) c);
        if (c == '\n') {
          break;
        }
      }
      reply.append(line);
      char type = line.charAt(0);
      if (type == '$' || type == '=') {
        int length = Integer.parseInt(line.substring(1).strip());
        if (length >= 0) {
          reply.append(new String(in.readNBytes(length + 2), StandardCharsets.ISO_8859_1));
        }
      } else if (type == '*' || type == '~' || type == '>' || type == '%') {
        int count = Integer.parseInt(line.substring(1).strip()) * (type == '%' ? 2 : 1);
        for (int i = 0; i < count; i++) {
          read(reply);
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
