package io.atlaskv.bench.plot;

import java.util.List;
import java.util.Locale;

/// An SVG file in the making. Coordinates are pixels from the top left.
public final class Drawing {
  /// Told apart by people who do not see all colors (Paul Tol's bright scheme).
  public static final List<String> COLORS =
      List.of("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377");

  private static final int LEGEND_MARK = 12;

  private final StringBuilder svg = new StringBuilder();

  /// Makes an empty one with a white ground.
  public Drawing(int width, int height) {
    String size = "width=\"" + width + "\" height=\"" + height + "\"";
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" "
            + size
            + " font-family=\"sans-serif\" font-size=\"11\">");
    add("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
  }

  /// Text that begins at a point on its base line.
  public void text(double x, double y, String text) {
    text(x, y, "", text);
  }

  /// Text around a point on its base line.
  public void centered(double x, double y, String text) {
    text(x, y, " text-anchor=\"middle\"", text);
  }

  private void text(double x, double y, String attributes, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    add(
        String.format(
            Locale.ROOT, "<text x=\"%.0f\" y=\"%.0f\"%s>%s</text>", x, y, attributes, escaped));
  }

  /// A filled rectangle.
  public void bar(int x, int y, int width, int height, String color) {
    add(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
            x,
            y,
            width,
            height,
            color));
  }

  /// The left and the lower edge of a field.
  public void axes(int left, int top, int right, int base) {
    add(
        String.format(
            Locale.ROOT,
            "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#999999\"/>",
            left,
            top,
            base,
            right));
  }

  /// Draws from point to point.
  ///
  /// @param points `x,y` and a space between them
  public void line(String points, String color) {
    add(
        String.format(
            Locale.ROOT,
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>",
            color,
            points));
  }

  /// Marks a point.
  public void dot(double x, double y, String color) {
    add(
        String.format(
            Locale.ROOT, "<circle cx=\"%.0f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>", x, y, color));
  }

  /// A colored mark with a name behind it.
  public void legend(int x, int top, String color, String name) {
    bar(x, top, LEGEND_MARK, LEGEND_MARK, color);
    text(x + LEGEND_MARK + 6, top + LEGEND_MARK - 2, name);
  }

  private void add(String line) {
    svg.append(line).append('\n');
  }

  /// The file.
  public String svg() {
    return svg + "</svg>\n";
  }
}
