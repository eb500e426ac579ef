package io.atlaskv.bench.tuning;

import io.atlaskv.bench.Arguments;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Report;
import io.atlaskv.bench.Samples;
import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.bench.plot.LineChart;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// Question: what does each option of the store cost and bring?
///
/// One JVM; each round goes through all settings of a knob, a first round is not counted.
public final class TuningBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final int DRAWN_SETTINGS_MIN = 3;

  private final TuningOptions options;

  private TuningBenchmark(TuningOptions options) {
    this.options = options;
  }

  /// Entry point; see [TuningOptions#USAGE].
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    if (List.of(arguments).contains("--help")) {
      System.out.println(TuningOptions.USAGE);
      return;
    }
    TuningOptions options = Arguments.orExit(() -> TuningOptions.parse(arguments));
    new TuningBenchmark(options).run(String.join(" ", arguments));
  }

  private void run(String arguments) throws IOException {
    var command = ("bench/tuning " + arguments).strip();
    var lines = Report.heading("What the options cost", command);
    lines.add(
        "- %,d entries, keys of %d bytes, values of %d bytes that compress to about half; medians of %d rounds, a round before them is not counted"
            .formatted(options.entries(), DataSet.KEY_BYTES, VALUE_BYTES, options.rounds()));
    lines.add("- what is not said is at its default");
    var data = new DataSet(options.entries(), VALUE_BYTES, 42);
    for (var knob : knobs(data)) {
      if (options.wants(knob.name())) {
        var samples = measure(knob);
        lines.addAll(section(knob, samples));
        if (options.plots().isPresent() && isDrawn(knob)) {
          var file = options.plots().get().resolve(fileName(knob));
          Files.writeString(file, chart(knob, samples).svg());
        }
      }
    }
    Report.publish(lines, options.report());
  }

  static List<Knob> knobs(DataSet data) {
    return List.of(
        WriteKnob.memtable(data),
        new BlockCacheKnob(data),
        new DurabilityKnob(data),
        TableKnob.compression(data),
        WriteKnob.tables(data),
        TableKnob.rowChecksums(data),
        new SubcompactionKnob(data));
  }

  /// For each setting the samples of each figure.
  private List<List<Samples>> measure(Knob knob) throws IOException {
    var values = new ArrayList<List<double[]>>();
    knob.settings().forEach(_ -> values.add(new ArrayList<>()));
    try (var scratch = TemporaryDirectory.create(options.directory(), "tuning")) {
      knob.prepare(scratch.path());
      for (int round = 0; round <= options.rounds(); round++) {
        for (int setting = 0; setting < values.size(); setting++) {
          double[] measured = knob.measure(setting, scratch.path());
          if (round > 0) {
            values.get(setting).add(measured);
          }
        }
        System.err.printf("%s: round %d of %d%n", knob.name(), round, options.rounds());
      }
    }
    var samples = new ArrayList<List<Samples>>();
    for (var rounds : values) {
      var figures = new ArrayList<Samples>();
      for (int i = 0; i < knob.figures().size(); i++) {
        int figure = i;
        figures.add(new Samples(rounds.stream().map(round -> round[figure]).toList()));
      }
      samples.add(figures);
    }
    return samples;
  }

  private static List<String> section(Knob knob, List<List<Samples>> samples) {
    var lines = new ArrayList<>(List.of("", "## " + knob.name(), "", knob.description(), ""));
    var header = new ArrayList<>(List.of(knob.axis()));
    knob.figures().forEach(figure -> header.add(figure.column()));
    var table = new MarkdownTable(header.toArray(String[]::new));
    for (int setting = 0; setting < samples.size(); setting++) {
      var cells = new ArrayList<>(List.of(knob.settings().get(setting)));
      for (int i = 0; i < knob.figures().size(); i++) {
        double median = samples.get(setting).get(i).median();
        cells.add(String.format(knob.figures().get(i).format(), median));
      }
      table.add(cells.toArray(String[]::new));
    }
    lines.addAll(table.lines());
    return lines;
  }

  private static boolean isDrawn(Knob knob) {
    return knob.settings().size() >= DRAWN_SETTINGS_MIN;
  }

  private static String fileName(Knob knob) {
    return "tuning-" + knob.name() + ".svg";
  }

  /// Settings at equal distances, as each is twice the one before.
  private static LineChart chart(Knob knob, List<List<Samples>> samples) {
    var ticks = new ArrayList<LineChart.Tick>();
    for (int setting = 0; setting < samples.size(); setting++) {
      ticks.add(new LineChart.Tick(setting, knob.settings().get(setting)));
    }
    var names = knob.figures().stream().map(Knob.Figure::line).distinct().toList();
    var panels = new LinkedHashMap<String, LineChart.Panel>();
    for (int i = 0; i < knob.figures().size(); i++) {
      var figure = knob.figures().get(i);
      var points = new ArrayList<LineChart.Point>();
      for (int setting = 0; setting < samples.size(); setting++) {
        points.add(new LineChart.Point(setting, samples.get(setting).get(i).median()));
      }
      var line = new LineChart.Line(figure.line(), points);
      panels.merge(
          figure.panel(),
          new LineChart.Panel(figure.panel(), figure.isLogarithmic(), List.of(line)),
          LineChart.Panel::with);
    }
    return new LineChart(
        "by " + knob.axis().replace("`", ""), ticks, names, List.copyOf(panels.values()));
  }
}
