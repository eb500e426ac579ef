package io.atlaskv.bench.compaction;

import io.atlaskv.bench.compaction.Replay.Outcome;
import io.atlaskv.bench.compaction.Replay.Sample;
import io.atlaskv.bench.plot.LineChart;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Draws how amplifications went on over the time of a recording: a panel for each of write, space
/// and read, a line for each style.
final class AmplificationPlot {
  private AmplificationPlot() {}

  /// @param outcomes of all styles on one recording, at least one
  static String draw(String title, List<Outcome> outcomes) {
    List<Sample> samples = outcomes.getFirst().samples();
    long begin = samples.getFirst().atMillis();
    long end = Math.max(begin + 1, samples.getLast().atMillis());
    return new LineChart(
            title,
            List.of(new LineChart.Tick(begin, "0"), new LineChart.Tick(end, ofTime(end - begin))),
            outcomes.stream().map(outcome -> outcome.style().name()).toList(),
            List.of(
                panel("bytes written for each byte flushed, so far", Sample::write, outcomes),
                panel("bytes on disk for each live byte", Sample::space, outcomes),
                panel("tables asked by a read", Sample::read, outcomes)))
        .svg();
  }

  private static LineChart.Panel panel(
      String title, ToDoubleFunction<Sample> value, List<Outcome> outcomes) {
    return new LineChart.Panel(
        title, false, outcomes.stream().map(outcome -> line(outcome, value)).toList());
  }

  private static LineChart.Line line(Outcome outcome, ToDoubleFunction<Sample> value) {
    return new LineChart.Line(
        outcome.style().name(),
        outcome.samples().stream()
            .map(sample -> new LineChart.Point(sample.atMillis(), value.applyAsDouble(sample)))
            .toList());
  }

  private static String ofTime(long millis) {
    Duration time = Duration.ofMillis(millis);
    return "%d h %02d m".formatted(time.toHours(), time.toMinutesPart());
  }
}
