package io.atlaskv.bench.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.bench.plot.LineChart.Line;
import io.atlaskv.bench.plot.LineChart.Panel;
import io.atlaskv.bench.plot.LineChart.Point;
import io.atlaskv.bench.plot.LineChart.Tick;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineChartTest {
  private static final List<Tick> TICKS = List.of(new Tick(0, "4"), new Tick(2, "16"));

  private static String svg(boolean isLogarithmic, double... values) {
    var points = new ArrayList<Point>();
    for (int i = 0; i < values.length; i++) {
      points.add(new Point(i, values[i]));
    }
    var panel = new Panel("cost < price", isLogarithmic, List.of(new Line("get", points)));
    return new LineChart("by size", TICKS, List.of("get"), List.of(panel)).svg();
  }

  @Test
  void heightsBeginAtZeroAndTheGreatestTakesAll() {
    assertThat(svg(false, 0, 5, 10)).contains("points=\"48,154.0 388,99.0 728,44.0\"");
  }

  @Test
  void aDecadeTakesTheSameHeightEverywhere() {
    assertThat(svg(true, 10, 100, 1000)).contains("points=\"48,154.0 388,99.0 728,44.0\"");
  }

  @Test
  void namesAreEscaped() {
    assertThat(svg(false, 1, 2)).contains(">cost &lt; price<").contains(">get<").contains(">16<");
  }

  @Test
  void refusesWhatItHasNoAxisOrColorFor() {
    assertThatThrownBy(() -> new LineChart("", List.of(new Tick(0, "")), List.of("a"), List.of()))
        .hasMessageContaining("ticks=1");
    assertThatThrownBy(
            () -> new LineChart("", TICKS, List.of("1", "2", "3", "4", "5", "6", "7"), List.of()))
        .hasMessageContaining("lines=7 (1 to 6)");
  }
}
