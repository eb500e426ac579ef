package io.atlaskv.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Panels above each other with one axis: lines of figures over something, such as time.
///
/// @param ticks what stands below the axis; the axis goes from the first to the last
/// @param lines their names, empty for one that needs none; a line has the same color in each panel
public record LineChart(String title, List<Tick> ticks, List<String> lines, List<Panel> panels) {
  private static final int LEFT = 48;
  private static final int WIDTH = 760;
  private static final int PLOT_WIDTH = 680;
  private static final int PANEL = 160;
  private static final int PLOT_HEIGHT = 110;
  private static final int PLOT_TOP = 18;
  private static final int TITLE_HEIGHT = 26;
  private static final int LEGEND_HEIGHT = 34;
  private static final int LEGEND_STEP = 170;
  private static final int DOTS_MAX = 20; // more would hide the line

  public LineChart {
    ticks = List.copyOf(ticks);
    lines = List.copyOf(lines);
    panels = List.copyOf(panels);
    if (ticks.size() < 2 || lines.isEmpty() || lines.size() > Drawing.COLORS.size()) {
      throw new IllegalArgumentException(
          "ticks=%d (at least 2), lines=%d (1 to %d)"
              .formatted(ticks.size(), lines.size(), Drawing.COLORS.size()));
    }
  }

  /// A mark of the axis.
  ///
  /// @param at where on the axis
  public record Tick(double at, String text) {}

  /// A value.
  ///
  /// @param at where on the axis
  public record Point(double at, double value) {}

  /// Points that are joined.
  ///
  /// @param line one of [LineChart#lines]
  public record Line(String line, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  /// Lines over the same axis.
  ///
  /// @param isLogarithmic whether each decade takes the same height, from the one below the least
  ///   value on; otherwise heights begin at 0
  public record Panel(String title, boolean isLogarithmic, List<Line> lines) {
    public Panel {
      lines = List.copyOf(lines);
    }

    /// This panel with the lines of another one, too.
    public Panel with(Panel other) {
      var all = new ArrayList<>(lines);
      all.addAll(other.lines);
      return new Panel(title, isLogarithmic, all);
    }

    double greatest() {
      return lines.stream()
          .flatMap(line -> line.points().stream())
          .mapToDouble(Point::value)
          .max()
          .orElse(1);
    }

    double least() {
      return lines.stream()
          .flatMap(line -> line.points().stream())
          .mapToDouble(Point::value)
          .min()
          .orElse(0);
    }
  }

  /// Values of a panel as parts of its height.
  private record Scale(boolean isLogarithmic, double bottom, double top) {
    static Scale of(Panel panel) {
      double greatest = panel.greatest();
      if (!panel.isLogarithmic()) {
        return new Scale(false, 0, greatest > 0 ? greatest : 1);
      }
      double decade = Math.pow(10, Math.floor(Math.log10(panel.least())));
      return new Scale(true, decade, Math.max(greatest, 10 * decade));
    }

    double height(double value) {
      return isLogarithmic
          ? Math.log(value / bottom) / Math.log(top / bottom)
          : (value - bottom) / (top - bottom);
    }
  }

  /// The SVG file.
  public String svg() {
    int height = TITLE_HEIGHT + panels.size() * PANEL + LEGEND_HEIGHT;
    var drawing = new Drawing(WIDTH, height);
    drawing.text(LEFT, 16, title);
    for (int i = 0; i < panels.size(); i++) {
      draw(panels.get(i), TITLE_HEIGHT + i * PANEL, drawing);
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty()) {
        drawing.legend(LEFT + i * LEGEND_STEP, height - 22, Drawing.COLORS.get(i), lines.get(i));
      }
    }
    return drawing.svg();
  }

  private void draw(Panel panel, int top, Drawing drawing) {
    int base = top + PLOT_TOP + PLOT_HEIGHT;
    var scale = Scale.of(panel);
    drawing.text(LEFT, top + 12, panel.title());
    drawing.axes(LEFT, top + PLOT_TOP, LEFT + PLOT_WIDTH, base);
    drawing.text(6, top + PLOT_TOP + 8, number(scale.top()));
    drawing.text(6, base, number(scale.bottom()));
    for (Tick tick : ticks) {
      drawing.centered(x(tick.at()), base + 13, tick.text());
    }
    for (Line line : panel.lines()) {
      String color = Drawing.COLORS.get(lines.indexOf(line.line()));
      var points = new ArrayList<String>();
      for (Point point : line.points()) {
        double y = base - scale.height(point.value()) * PLOT_HEIGHT;
        points.add(String.format(Locale.ROOT, "%.0f,%.1f", x(point.at()), y));
        if (line.points().size() <= DOTS_MAX) {
          drawing.dot(x(point.at()), y, color);
        }
      }
      drawing.line(String.join(" ", points), color);
    }
  }

  private double x(double at) {
    double first = ticks.getFirst().at();
    return LEFT + (at - first) / (ticks.getLast().at() - first) * PLOT_WIDTH;
  }

  private static String number(double value) {
    if (value == 0) {
      return "0";
    }
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value);
  }
}
