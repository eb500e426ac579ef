package io.atlaskv.cli.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Arguments of this process as they were typed. In a locale without UTF-8, as containers often
/// have, the JVM replaces what it cannot read, and a key would be written under another name.
public final class RawArguments {
  private static final Path LINUX = Path.of("/proc/self/cmdline");
  private static final char REPLACED = '\ufffd';

  private RawArguments() {}

  /// The arguments, read anew from the system where some were damaged.
  public static List<String> of(List<String> arguments) {
    boolean isDamaged = arguments.stream().anyMatch(word -> word.indexOf(REPLACED) >= 0);
    if (!isDamaged || !Files.isReadable(LINUX)) {
      return arguments;
    }
    try {
      return last(Files.readAllBytes(LINUX), arguments.size());
    } catch (IOException _) {
      return arguments;
    }
  }

  /// The last words of a command line, each of which ends with a zero.
  static List<String> last(byte[] commandLine, int count) {
    String line = new String(commandLine, StandardCharsets.UTF_8);
    List<String> words = List.of(line.split("\0", -1));
    return words.subList(words.size() - 1 - count, words.size() - 1);
  }
}
