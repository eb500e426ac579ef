package io.atlaskv.cli.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of a client command, taken apart: flags, each at most once, and words.
///
/// @param flags values by name, empty for flags without one
/// @param words what is no flag; all that follows `--`
public record Arguments(Map<String, String> flags, List<String> words) {
  private static final String END = "--";

  public Arguments {
    flags = Map.copyOf(flags);
    words = List.copyOf(words);
  }

  /// Takes the arguments of a command apart.
  ///
  /// @param endAtWord whether what follows the first word is words, whatever it looks like
  public static Arguments read(List<Flag> known, List<String> arguments, boolean endAtWord)
      throws MisuseException {
    var flags = new HashMap<String, String>();
    var words = new ArrayList<String>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      boolean isWord = !argument.startsWith("-") || argument.equals("-");
      if (argument.equals(END) || (isWord && endAtWord)) {
        words.addAll(arguments.subList(isWord ? i : i + 1, arguments.size()));
        break;
      }
      if (isWord) {
        words.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Flag flag = find(known, name);
      String value = "";
      if (equals >= 0 && !flag.takesValue()) {
        throw new MisuseException(name + " takes no value");
      } else if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (flag.takesValue() && ++i == arguments.size()) {
        throw new MisuseException(name + " needs a value: " + flag.usage());
      } else if (flag.takesValue()) {
        value = arguments.get(i);
      }
      if (flags.put(name, value) != null) {
        throw new MisuseException(name + " is given twice");
      }
    }
    return new Arguments(flags, words);
  }

  private static Flag find(List<Flag> known, String name) throws MisuseException {
    for (Flag flag : known) {
      if (flag.name().equals(name)) {
        return flag;
      }
    }
    throw new MisuseException("unknown flag '" + name + "' (words that begin with - go after --)");
  }

  public boolean has(String name) {
    return flags.containsKey(name);
  }

  /// The value of a flag; null if it was not given.
  public @Nullable String value(String name) {
    return flags.get(name);
  }

  /// A number in bounds.
  public int number(String name, int fallback, int min, int max) throws MisuseException {
    String text = value(name);
    if (text == null) {
      return fallback;
    }
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw new MisuseException(
        name + " '" + text + "': must be a number from " + min + " to " + max);
  }
}
