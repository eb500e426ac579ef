package io.atlaskv.bench.compaction;

import io.atlaskv.bench.compaction.Replay.Outcome;
import io.atlaskv.bench.compaction.Replay.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Draws how amplifications went on over the time of a recording: a panel for each of write, space
/// and read, a line for each style.
final class AmplificationPlot {
  private static final int LEFT = 48;
  private static final int WIDTH = 760;
  private static final int PLOT_WIDTH = 690;
  private static final int PANEL = 160;
  private static final int PLOT_HEIGHT = 110;
  private static final int TITLE_HEIGHT = 26;
  private static final int LEGEND_HEIGHT = 34;
  private static final List<String> COLORS =
      List.of("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377");

  private final StringBuilder svg = new StringBuilder();
  private final List<Outcome> outcomes;
  private final long begin;
  private final long end;

  private AmplificationPlot(List<Outcome> outcomes) {
    this.outcomes = outcomes;
    List<Sample> samples = outcomes.getFirst().samples();
    begin = samples.getFirst().atMillis();
    end = Math.max(begin + 1, samples.getLast().atMillis());
  }

  /// @param outcomes of all styles on one recording, at most as many as there are colors
  static String draw(String title, List<Outcome> outcomes) {
    if (outcomes.isEmpty() || outcomes.size() > COLORS.size()) {
      throw new IllegalArgumentException(
          "styles=" + outcomes.size() + ", expected 1 to " + COLORS.size());
    }
    return new AmplificationPlot(outcomes).drawn(title);
  }

  private String drawn(String title) {
    int height = TITLE_HEIGHT + 3 * PANEL + LEGEND_HEIGHT;
    add(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"11\">",
            WIDTH,
            height));
    add(String.format(Locale.ROOT, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>"));
    text(LEFT, 16, title);
    panel(0, "bytes written for each byte flushed, so far", Sample::write);
    panel(1, "bytes on disk for each live byte", Sample::space);
    panel(2, "tables asked by a read", Sample::read);
    for (int i = 0; i < outcomes.size(); i++) {
      int x = LEFT + i * 170;
      add(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>",
              x,
              height - 22,
              COLORS.get(i)));
      text(x + 18, height - 12, outcomes.get(i).style().name());
    }
    return svg.append("</svg>\n").toString();
  }

  private void panel(int number, String title, ToDoubleFunction<Sample> value) {
    int top = TITLE_HEIGHT + number * PANEL;
    double most =
        outcomes.stream()
            .flatMap(outcome -> outcome.samples().stream())
            .mapToDouble(value)
            .max()
            .orElse(1);
    double scale = most > 0 ? most : 1;
    int base = top + 18 + PLOT_HEIGHT;
    text(LEFT, top + 12, title);
    add(
        String.format(
            Locale.ROOT,
            "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#999999\"/>",
            LEFT,
            top + 18,
            base,
            LEFT + PLOT_WIDTH));
    text(6, top + 26, String.format(Locale.ROOT, "%.1f", scale));
    text(6, base, "0");
    text(LEFT, base + 13, "0");
    text(LEFT + PLOT_WIDTH - 46, base + 13, ofTime(end - begin));
    for (int i = 0; i < outcomes.size(); i++) {
      var points = new StringBuilder();
      for (Sample sample : outcomes.get(i).samples()) {
        double x = LEFT + (double) (sample.atMillis() - begin) / (end - begin) * PLOT_WIDTH;
        double y = base - value.applyAsDouble(sample) / scale * PLOT_HEIGHT;
        points.append(String.format(Locale.ROOT, "%.0f,%.1f ", x, y));
      }
      add(
          String.format(
              Locale.ROOT,
              "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>",
              COLORS.get(i),
              points.toString().trim()));
    }
  }

  private static String ofTime(long millis) {
    Duration time = Duration.ofMillis(millis);
    return "%d h %02d m".formatted(time.toHours(), time.toMinutesPart());
  }

  private void text(int x, int y, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    add(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>", x, y, escaped));
  }

  private void add(String line) {
    svg.append(line).append('\n');
  }
}
