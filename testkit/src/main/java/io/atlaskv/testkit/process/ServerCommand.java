package io.atlaskv.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Command line of a server with two places to fill in: `{dir}`, its data directory, and `{port}`.
///
/// With `{port}` a free port is chosen before the start. Without it the server has to take one by
/// itself and to print it as `127.0.0.1:PORT` or `*:PORT`.
public record ServerCommand(List<String> words) {
  private static final String PORT = "{port}";
  private static final String DIRECTORY = "{dir}";
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|\\S+");

  public ServerCommand {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("words=[]: a server needs a command line");
    }
    words = List.copyOf(words);
  }

  /// Splits at blanks; `""` is an empty word, and blanks inside quotes do not split.
  public static ServerCommand of(String line) {
    return new ServerCommand(
        WORD.matcher(line)
            .results()
            .map(word -> word.group(1) != null ? word.group(1) : word.group())
            .toList());
  }

  /// The same command, started on one core.
  public ServerCommand pinnedTo(int core) {
    return new ServerCommand(
        Stream.concat(Stream.of("taskset", "-c", Integer.toString(core)), words.stream()).toList());
  }

  public ServerCommand with(String... moreWords) {
    return new ServerCommand(Stream.concat(words.stream(), Arrays.stream(moreWords)).toList());
  }

  boolean takesPort() {
    return words.stream().anyMatch(word -> word.contains(PORT));
  }

  List<String> resolve(Path directory, int port) {
    var resolved = new ArrayList<String>();
    for (var word : words) {
      resolved.add(
          word.replace(DIRECTORY, directory.toString()).replace(PORT, Integer.toString(port)));
    }
    return resolved;
  }

  /// A port that was free a moment ago.
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The line that [#of] reads.
  @Override
  public String toString() {
    return words.stream()
        .map(word -> word.isEmpty() || word.contains(" ") ? '"' + word + '"' : word)
        .collect(Collectors.joining(" "));
  }
}
