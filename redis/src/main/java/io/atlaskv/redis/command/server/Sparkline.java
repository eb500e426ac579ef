package io.atlaskv.redis.command.server;

import java.util.Arrays;
import java.util.List;

/// A graph of characters, as Redis draws it: a column for each sample, its label below, downwards.
final class Sparkline {
  private static final int ROWS = 4;
  private static final int COLUMNS = 80;
  private static final String LEVELS = "_o#";
  private static final int STEPS = ROWS * 3; // three levels a row
  private static final int LABEL_MARGIN = 1;

  /// One column.
  record Sample(long value, String label) {}

  private Sparkline() {}

  static String of(List<Sample> samples) {
    long low = samples.stream().mapToLong(Sample::value).min().orElse(0);
    long high = samples.stream().mapToLong(Sample::value).max().orElse(0);
    var text = new StringBuilder();
    for (int from = 0; from < samples.size(); from += COLUMNS) {
      if (from > 0) {
        text.append('\n');
      }
      var columns = samples.subList(from, Math.min(from + COLUMNS, samples.size()));
      draw(columns, low, Math.max(1, high - low), text);
    }
    return text.toString();
  }

  private static void draw(List<Sample> samples, long low, long range, StringBuilder text) {
    int labelRows = samples.stream().mapToInt(sample -> sample.label().length()).max().orElse(0);
    char[] line = new char[samples.size()];
    for (int row = 0; row < ROWS + LABEL_MARGIN + labelRows; row++) {
      Arrays.fill(line, ' ');
      int labelRow = row - ROWS - LABEL_MARGIN;
      for (int i = 0; i < line.length; i++) {
        Sample sample = samples.get(i);
        if (row < ROWS) {
          line[i] = bar(sample.value() - low, range, row);
        } else if (labelRow >= 0 && labelRow < sample.label().length()) {
          line[i] = sample.label().charAt(labelRow);
        }
      }
      text.append(line).append('\n');
    }
  }

  private static char bar(long value, long range, int row) {
    int step = (int) Math.min(value * STEPS / range, STEPS - 1);
    int level = step - (ROWS - row - 1) * LEVELS.length();
    if (level < 0) {
      return ' ';
    }
    return level < LEVELS.length() ? LEVELS.charAt(level) : '|';
  }
}
