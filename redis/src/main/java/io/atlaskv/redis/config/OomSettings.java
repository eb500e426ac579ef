package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.live;

import java.util.ArrayList;
import java.util.List;

/// How gladly Linux kills the process when memory is short.
public final class OomSettings {
  /// What the values are added to.
  public enum Adjustment {
    NO,
    YES,
    RELATIVE,
    ABSOLUTE
  }

  private static final int VALUES = 3; // as a master, as a replica, as a child of either
  private static final int VALUE_MAX = 2000;

  public final ChoiceSetting<Adjustment> adjustment;
  public final ValueSetting<List<Integer>> values;

  OomSettings(Settings settings) {
    adjustment =
        settings.choice(
            live(
                "oom-score-adj",
                "Whether the kernel's score is changed: relative (the same as yes) to what it was, or"
                    + " absolute."),
            Adjustment.NO);
    values =
        settings.value(
            live("oom-score-adj-values", "By how much; the first of the three counts here.").list(),
            new ValueSetting.Form<>(
                "three numbers from -2000 to 2000",
                (text, _) -> read(text),
                numbers -> String.join(" ", numbers.stream().map(String::valueOf).toList())),
            List.of(0, 200, 800));
  }

  private static List<Integer> read(String text) {
    var numbers = new ArrayList<Integer>();
    for (String word : text.strip().split(" +", -1)) {
      try {
        numbers.add(Integer.parseInt(word));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "Invalid oom-score-adj-values, elements must be between -2000 and 2000.", e);
      }
    }
    if (numbers.size() != VALUES) {
      throw new IllegalArgumentException("wrong number of arguments");
    }
    for (int number : numbers) {
      if (number < -VALUE_MAX || number > VALUE_MAX) {
        throw new IllegalArgumentException(
            "Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
      }
    }
    return List.copyOf(numbers);
  }
}
