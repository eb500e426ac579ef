package io.atlaskv.cli.config;

import io.atlaskv.redis.config.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Flags as Redis reads them: `--port 7000`, `--port=7000`, `"--port 7000"`, several words for what
/// takes several, a value that begins with `--` if there is no other. Words before the first flag
/// are a file, and after that a setting without its dashes.
record CommandLine(@Nullable String file, List<Given> given) {
  static final Origin ORIGIN = new Origin(Origin.Door.FLAG, "command line");
  private static final String DASHES = "--";
  private static final String CONFIG = "config";
  private static final String SAVE = "save";

  CommandLine {
    given = List.copyOf(given);
  }

  static CommandLine read(List<String> arguments) throws ConfigurationException {
    var reader = new Reader();
    String file = null;
    int first = 0;
    if (!arguments.isEmpty() && !arguments.getFirst().startsWith(DASHES)) {
      file = arguments.getFirst();
      first = 1;
    }
    for (int i = first; i < arguments.size(); i++) {
      reader.take(arguments.get(i));
    }
    reader.end();
    for (Given given : reader.given) {
      if (given.name().equals(CONFIG)) {
        if (given.words().size() != 1) {
          throw new ConfigurationException(List.of(ORIGIN + ": --config needs the path of a file"));
        }
        file = given.text();
      }
    }
    reader.given.removeIf(given -> given.name().equals(CONFIG));
    return new CommandLine(file, reader.given);
  }

  /// Collects the words of one setting after the other.
  private static final class Reader {
    final ArrayList<Given> given = new ArrayList<>();
    private @Nullable String name;
    private final ArrayList<String> words = new ArrayList<>();
    private boolean isValueDue;

    void take(String argument) throws ConfigurationException {
      boolean isFlag = argument.startsWith(DASHES);
      if (isFlag && isValueDue && SAVE.equals(name)) { // `--save --port 1`: save nothing
        words.add("");
        isValueDue = false;
      }
      if (isFlag && !isValueDue) {
        end();
        flag(argument);
      } else if (name == null) {
        end();
        plain(argument);
      } else {
        words.add(argument);
        isValueDue = false;
      }
    }

    private void flag(String argument) throws ConfigurationException {
      int equals = argument.indexOf('=');
      int blank = argument.indexOf(' ');
      if (equals > 0 && (blank < 0 || equals < blank)) {
        begin(argument.substring(DASHES.length(), equals));
        words.add(argument.substring(equals + 1));
        return;
      }
      List<String> parts = Words.split(argument.substring(DASHES.length()));
      if (parts == null || parts.isEmpty()) {
        throw new ConfigurationException(
            List.of(ORIGIN + ": unbalanced quotes in " + Words.quote(argument)));
      }
      begin(parts.getFirst());
      words.addAll(parts.subList(1, parts.size()));
      isValueDue = words.isEmpty();
    }

    /// A setting without dashes, whose words follow.
    private void plain(String argument) {
      begin(argument);
      isValueDue = true;
    }

    private void begin(String newName) {
      name = newName.toLowerCase(Locale.ROOT);
    }

    void end() {
      if (name != null) {
        if (SAVE.equals(name) && words.isEmpty()) {
          words.add("");
        }
        given.add(new Given(name, words, ORIGIN));
      }
      name = null;
      words.clear();
      isValueDue = false;
    }
  }
}
