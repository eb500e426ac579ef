package io.atlaskv.redis.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Commands under other names (`rename-command`).
///
/// @param renamed new names by old ones, in lower case; an empty one: the command cannot be called
public record CommandNames(Map<String, String> renamed) {
  /// As they are.
  public static final CommandNames ORIGINAL = new CommandNames(Map.of());

  static final ValueSetting.Form<CommandNames> FORM =
      new ValueSetting.Form<>(
          "pairs of a name and a new one, which may be empty",
          (text, _) -> read(text),
          CommandNames::text);

  public CommandNames {
    renamed = Map.copyOf(renamed);
  }

  /// What a command is called; empty if it cannot be called.
  public String of(String lowerName) {
    return renamed.getOrDefault(lowerName, lowerName);
  }

  private static CommandNames read(String text) {
    if (text.isEmpty()) {
      return ORIGINAL;
    }
    List<String> words = List.of(text.split(" ", -1));
    if (words.size() % 2 != 0) {
      throw new IllegalArgumentException("wrong number of arguments");
    }
    var renamed = new TreeMap<String, String>();
    for (int i = 0; i < words.size(); i += 2) {
      renamed.put(words.get(i).toLowerCase(Locale.ROOT), words.get(i + 1).toLowerCase(Locale.ROOT));
    }
    return new CommandNames(renamed);
  }

  private String text() {
    var words = new ArrayList<String>();
    new TreeMap<>(renamed)
        .forEach((name, newName) -> {
          words.add(name);
          words.add(newName);
        });
    return String.join(" ", words);
  }
}
