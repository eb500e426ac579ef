package io.atlaskv.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The flags of one command as given: `--port 7000` or `--port=7000`, each at most once.
///
/// Written by hand because it is on the way to the first PONG: see `docs/adr/0006-own-flags.md`.
final class Flags {
  /// One flag that takes a value.
  ///
  /// @param name with its dashes
  /// @param valueName stands for the value in the help
  /// @param description one line
  record Flag(String name, String valueName, String description) {
    private String usage() {
      return name + " " + valueName;
    }
  }

  private final Map<String, String> values;

  private Flags(Map<String, String> values) {
    this.values = values;
  }

  /// Reads the arguments that follow the command's name.
  static Flags parse(List<Flag> known, List<String> arguments) throws UsageException {
    var values = new HashMap<String, String>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Flag flag = find(known, name);
      String value;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (++i < arguments.size()) {
        value = arguments.get(i);
      } else {
        throw new UsageException(name + " needs a value: " + flag.usage());
      }
      if (values.put(name, value) != null) {
        throw new UsageException(name + " is given twice");
      }
    }
    return new Flags(values);
  }

  /// The value of a flag; null when it was not given.
  @Nullable String value(String name) {
    return values.get(name);
  }

  /// Two columns, a line per flag.
  static String help(List<Flag> known) {
    int width = known.stream().mapToInt(flag -> flag.usage().length()).max().orElse(0);
    var text = new StringBuilder();
    for (Flag flag : known) {
      text.append("  ").append(flag.usage()).repeat(' ', width - flag.usage().length() + 2);
      text.append(flag.description()).append('\n');
    }
    return text.toString();
  }

  private static Flag find(List<Flag> known, String name) throws UsageException {
    for (Flag flag : known) {
      if (flag.name().equals(name)) {
        return flag;
      }
    }
    throw new UsageException(
        (name.startsWith("-") ? "unknown flag '" : "unexpected argument '") + name + "'");
  }
}
