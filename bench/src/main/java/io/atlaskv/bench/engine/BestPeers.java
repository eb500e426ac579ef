package io.atlaskv.bench.engine;

import io.atlaskv.bench.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The table of all engines: one row for each workload, and who of the peers is the best in it.
///
/// @param first the engine that is compared with the best of the others
record BestPeers(Engine first, List<Engine> others, Map<Engine, EngineResult> results) {
  /// Within so much of each other is a tie: this machine is not alone.
  private static final double TIE = 0.9;

  List<String> lines() {
    var header = new ArrayList<String>();
    header.add("workload");
    header.add(first.engineName());
    others.forEach(engine -> header.add(engine.engineName()));
    header.add("best peer");
    header.add("best / " + first.engineName());
    var table = new MarkdownTable(header.toArray(String[]::new));
    int rows = 0;
    int ahead = 0;
    int ties = 0;
    for (var name : WorkloadSet.workloadNames()) {
      double own = cost(first, name);
      if (Double.isNaN(own)) {
        continue;
      }
      var cells = new ArrayList<String>();
      cells.add(name + ", " + unit(name));
      cells.add(text(own));
      double best = Double.NaN;
      var bestName = EngineReport.NOT_MEASURED;
      for (var engine : others) {
        double theirs = cost(engine, name);
        cells.add(text(theirs));
        if (theirs < best || Double.isNaN(best)) {
          best = theirs;
          bestName = Double.isNaN(theirs) ? bestName : engine.engineName();
        }
      }
      cells.add(bestName);
      cells.add(text(best / own));
      table.add(cells.toArray(String[]::new));
      rows++;
      ahead += best / own >= 1 ? 1 : 0;
      ties += best / own >= TIE && best / own < 1 ? 1 : 0;
    }
    var lines = new ArrayList<String>(table.lines());
    lines.add("");
    lines.add(
        "Ahead of the best of %s in %d of %d rows, within a tenth of it in %d more."
            .formatted(names(), ahead, rows, ties));
    return lines;
  }

  private String names() {
    return String.join(", ", others.stream().map(Engine::engineName).toList());
  }

  private static String unit(String name) {
    return switch (EngineGate.kindOf(name)) {
      case CPU -> "CPU-µs";
      case RATE -> "µs of time";
      case FACT -> "ms";
    };
  }

  /// Of an operation; less is better.
  private double cost(Engine engine, String name) {
    var result = Objects.requireNonNull(results.get(engine));
    return switch (EngineGate.kindOf(name)) {
      case CPU -> result.figure(name, Figures::cpuMicros).median();
      case RATE -> 1e6 / result.figure(name, Figures::opsPerSecond).median();
      case FACT -> result.fact(name).median();
    };
  }

  private static String text(double value) {
    return Double.isNaN(value)
        ? EngineReport.NOT_MEASURED
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
