package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Flag;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.tools.ManifestContents;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A command that works on the files of a store.
abstract class Tool {
  static final String JSON = "--json";

  private final String name;
  private final String words;
  private final String summary;

  Tool(String name, String words, String summary) {
    this.name = name;
    this.words = words;
    this.summary = summary;
  }

  /// What it is called, in one word or two.
  final String name() {
    return name;
  }

  final String summary() {
    return summary;
  }

  /// Flags beside `--json`.
  List<Flag> flags() {
    return List.of();
  }

  /// Does it; returns the exit code.
  abstract int run(Arguments arguments, Terminal terminal) throws IOException, MisuseException;

  final List<Flag> allFlags() {
    var flags = new ArrayList<>(flags());
    flags.add(Flag.bare(JSON, "answer in JSON, one value a line"));
    return flags;
  }

  final String help() {
    List<Flag> flags = allFlags();
    int width = flags.stream().mapToInt(flag -> flag.usage().length()).max().orElse(0);
    var text = new StringBuilder("Usage: atlaskv " + name + " [FLAG]... " + words + "\n");
    text.append(summary).append("\n\n");
    for (Flag flag : flags) {
      text.append("  ").append(flag.usage()).repeat(' ', width - flag.usage().length() + 2);
      text.append(flag.description()).append('\n');
    }
    text.append(
        "\nExit codes: 0 sound, 1 something is wrong, 2 not understood, 3 no store or in use.\n");
    return text.toString();
  }

  /// How to open a store that is written by others: what it keeps of its log stays kept, however
  /// much that is. How much it should be only they know, who open it next.
  static Options optionsOf(ManifestContents store) {
    Options options = Options.DEFAULT.withCreateIfMissing(false);
    return store.historyFrom() == 0 ? options : options.withLogRetainedBytes(Long.MAX_VALUE);
  }

  /// The one word that is expected, as a path.
  final Path path(Arguments arguments) throws MisuseException {
    return paths(arguments, 1).getFirst();
  }

  /// The words that are expected, as paths.
  final List<Path> paths(Arguments arguments, int count) throws MisuseException {
    if (arguments.words().size() != count) {
      throw new MisuseException(
          (arguments.words().size() < count ? "" : "too many words, ") + "expected: " + words);
    }
    var paths = new ArrayList<Path>();
    for (String word : arguments.words()) {
      if (word.isEmpty()) { // a variable of a script that is not set: not the working directory
        throw new MisuseException("'' is no path");
      }
      try {
        paths.add(Path.of(word));
      } catch (InvalidPathException e) {
        throw new MisuseException("'" + word + "' is no path");
      }
    }
    return paths;
  }
}
