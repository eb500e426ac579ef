package io.atlaskv.bench.compaction;

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
  private static final String[] COLORS = {"#4477aa", "#ee6677", "#228833"};

  private AmplificationChart() {}

  static String draw(List<SyntheticWorkloads.Outcome> outcomes) {
    var svg = new StringBuilder();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(WIDTH)
        .append("\" height=\"")
        .append(3 * BAND + 40)
        .append("\" font-family=\"sans-serif\" font-size=\"11\">\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    band(svg, 0, "bytes written for each byte flushed", outcomes, o -> o.write());
    band(svg, 1, "bytes on disk for each live byte", outcomes, o -> o.space());
    band(svg, 2, "tables asked by a point read", outcomes, o -> o.read());
    for (int i = 0; i < COLORS.length; i++) {
      int x = LEFT + i * 130;
      rect(svg, x, 3 * BAND + 14, 12, 12, COLORS[i]);
      text(svg, x + 18, 3 * BAND + 24, outcomes.get(i).style());
    }
    return svg.append("</svg>\n").toString();
  }

  private static void band(
      StringBuilder svg,
      int number,
      String title,
      List<SyntheticWorkloads.Outcome> outcomes,
      ToDoubleFunction<SyntheticWorkloads.Outcome> value) {
    int top = number * BAND;
    double most = outcomes.stream().mapToDouble(value).max().orElse(1);
    text(svg, LEFT, top + 14, title);
    for (int i = 0; i < outcomes.size(); i++) {
      SyntheticWorkloads.Outcome outcome = outcomes.get(i);
      int group = i / COLORS.length;
      int x = LEFT + group * GROUP + i % COLORS.length * (BAR + 8);
      double amount = value.applyAsDouble(outcome);
      int height = (int) Math.round(amount / most * BARS);
      int base = top + 34 + BARS;
      rect(svg, x, base - height, BAR, height, COLORS[i % COLORS.length]);
      text(svg, x, base - height - 3, String.format(Locale.ROOT, "%.1f", amount));
      if (i % COLORS.length == 0) {
        text(svg, x, base + 13, shortened(outcome.workload()));
      }
    }
  }

  private static String shortened(String title) {
    return title.length() <= 30 ? title : title.substring(0, 29) + "…";
  }

  private static void rect(StringBuilder svg, int x, int y, int width, int height, String color) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
            x,
            y,
            width,
            height,
            color));
  }

  private static void text(StringBuilder svg, int x, int y, String text) {
    svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>%n", x, y, text));
  }
}
