package io.atlaskv.redis.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a checkpoint is due: each point after so many seconds in which so many changes were made.
///
/// @param points any of them suffices; none: never
public record SavePoints(List<Point> points) {
  /// One of them.
  ///
  /// @param seconds since the last checkpoint
  /// @param changes since then
  public record Point(long seconds, long changes) {}

  static final SavePoints NONE = new SavePoints(List.of());

  static final ValueSetting.Form<SavePoints> FORM =
      new ValueSetting.Form<>(
          "pairs of seconds and changes, or nothing", (text, _) -> read(text), SavePoints::text);

  public SavePoints {
    points = List.copyOf(points);
  }

  private static SavePoints read(String text) {
    if (text.isBlank()) {
      return NONE;
    }
    List<String> words = List.of(text.strip().split(" +", -1));
    if (words.size() % 2 != 0) {
      throw invalid(null);
    }
    var points = new ArrayList<Point>();
    for (int i = 0; i < words.size(); i += 2) {
      try {
        var point = new Point(Long.parseLong(words.get(i)), Long.parseLong(words.get(i + 1)));
        if (point.seconds < 1 || point.changes < 0) {
          throw invalid(null);
        }
        points.add(point);
      } catch (NumberFormatException e) {
        throw invalid(e);
      }
    }
    return new SavePoints(points);
  }

  private static IllegalArgumentException invalid(@Nullable Exception cause) {
    return new IllegalArgumentException("Invalid save parameters", cause);
  }

  private String text() {
    return String.join(
        " ", points.stream().map(point -> point.seconds + " " + point.changes).toList());
  }
}
