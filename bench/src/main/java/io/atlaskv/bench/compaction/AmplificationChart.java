package io.atlaskv.bench.compaction;

import io.atlaskv.bench.plot.Drawing;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Draws outcomes as bars: one row of groups for each of write, space and read amplification.
final class AmplificationChart {
  private static final int LEFT = 20;
  private static final int WIDTH = 760;
  private static final int BAND = 150;
  private static final int BARS = 90;
  private static final int BAR = 34;
  private static final int GROUP = 185;
  private static final int STYLES = 3;

  private AmplificationChart() {}

  static String draw(List<SyntheticWorkloads.Outcome> outcomes) {
    var drawing = new Drawing(WIDTH, 3 * BAND + 40);
    band(drawing, 0, "bytes written for each byte flushed", outcomes, o -> o.write());
    band(drawing, 1, "bytes on disk for each live byte", outcomes, o -> o.space());
    band(drawing, 2, "tables asked by a point read", outcomes, o -> o.read());
    for (int i = 0; i < STYLES; i++) {
      drawing.legend(LEFT + i * 130, 3 * BAND + 14, Drawing.COLORS.get(i), outcomes.get(i).style());
    }
    return drawing.svg();
  }

  private static void band(
      Drawing drawing,
      int number,
      String title,
      List<SyntheticWorkloads.Outcome> outcomes,
      ToDoubleFunction<SyntheticWorkloads.Outcome> value) {
    int top = number * BAND;
    double most = outcomes.stream().mapToDouble(value).max().orElse(1);
    drawing.text(LEFT, top + 14, title);
    for (int i = 0; i < outcomes.size(); i++) {
      SyntheticWorkloads.Outcome outcome = outcomes.get(i);
      int group = i / STYLES;
      int x = LEFT + group * GROUP + i % STYLES * (BAR + 8);
      double amount = value.applyAsDouble(outcome);
      int height = (int) Math.round(amount / most * BARS);
      int base = top + 34 + BARS;
      drawing.bar(x, base - height, BAR, height, Drawing.COLORS.get(i % STYLES));
      drawing.text(x, base - height - 3, String.format(Locale.ROOT, "%.1f", amount));
      if (i % STYLES == 0) {
        drawing.text(x, base + 13, shortened(outcome.workload()));
      }
    }
  }

  private static String shortened(String title) {
    return title.length() <= 30 ? title : title.substring(0, 29) + "…";
  }
}
