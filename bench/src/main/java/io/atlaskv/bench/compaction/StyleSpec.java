package io.atlaskv.bench.compaction;

import io.atlaskv.bench.Numbers;
import io.atlaskv.engine.api.CompactionStyle;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/// A compaction style and its name, as the command line has it: `leveled`, `size-tiered`,
/// `size-tiered:8` (tables of like size), `time-windowed:PT1H` (length of a window).
record StyleSpec(String name, CompactionStyle style) {
  static StyleSpec of(String spec) {
    String[] parts = spec.split(":", 2);
    String option = parts.length == 2 ? parts[1] : "";
    return switch (parts[0]) {
      case "leveled" -> new StyleSpec(spec, CompactionStyle.LEVELED);
      case "size-tiered" ->
          new StyleSpec(spec, option.isEmpty() ? CompactionStyle.SIZE_TIERED : tiered(option));
      case "time-windowed" -> new StyleSpec(spec, CompactionStyle.timeWindowed(duration(option)));
      default ->
          throw new IllegalArgumentException(
              "style '"
                  + spec
                  + "', expected leveled, size-tiered[:TABLES], time-windowed:DURATION");
    };
  }

  private static CompactionStyle tiered(String tables) {
    return CompactionStyle.SIZE_TIERED.withTables(
        Numbers.number("tables of size-tiered", tables, 2, ""));
  }

  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "window '" + text + "', expected a duration such as PT1H or PT30S", e);
    }
  }
}
