package io.atlaskv.bench.engine;

import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// One column for each size and engine, one row for each figure.
record ScaleReport(ScaleOptions options, String arguments, List<Column> columns) {
  ScaleReport {
    columns = List.copyOf(columns);
  }

  /// What one engine did with one size.
  record Column(Engine engine, int size, EngineResult result) {}

  /// @param format of the value, in the manner of [String#format]
  private record Row(String name, String format, ToDoubleFunction<EngineResult> value) {}

  private static final List<Row> ROWS =
      List.of(
          figure("put, CPU-µs", "fillrandom", Figures::cpuMicros),
          figure("… until the last returned", "fillrandom", Figures::foregroundMicros),
          new Row(
              "… puts a second",
              "%,.0f",
              result -> result.figure("fillrandom", Figures::opsPerSecond).median()),
          figure("… p99.9, µs", "fillrandom", Figures::p999Micros),
          new Row(
              "… longest stall, ms",
              "%.1f",
              result -> result.figure("fillrandom", Figures::longestMicros).median() / 1e3),
          fact("fill, until all is merged, s", "%.1f", "settled-seconds"),
          fact("bytes written / data", "%.2f", "written"),
          fact("tables / data", "%.2f", "space-tables"),
          fact("close, ms", "%.0f", "close-millis"),
          fact("open, ms", "%.0f", "open-millis"),
          figure("get, the first after opening, CPU-µs", "readfirst", Figures::cpuMicros),
          figure("get, the next as many, CPU-µs", "readrandom", Figures::cpuMicros),
          figure("… p99.9, µs", "readrandom", Figures::p999Micros),
          figure("get of a missing key, CPU-µs", "readmissing", Figures::cpuMicros),
          figure("seek and 10 steps, CPU-µs", "seekrandom+" + Workloads.SCAN, Figures::cpuMicros),
          fact("RssAnon after the fill, MiB", "%.0f", "fill-rss-mib"),
          fact("… Java heap in it, at most", "%.0f", "fill-heap-mib"),
          fact("RssAnon after the reads, MiB", "%.0f", "read-rss-mib"),
          fact("… Java heap in it, at most", "%.0f", "read-heap-mib"));

  private static Row figure(String name, String workload, ToDoubleFunction<Figures> figure) {
    return new Row(name, "%.2f", result -> result.figure(workload, figure).median());
  }

  private static Row fact(String name, String format, String fact) {
    return new Row(name, format, result -> result.fact(fact).median());
  }

  List<String> lines() {
    var lines =
        Report.heading("How cost grows with the number of entries", "bench/scale " + arguments);
    lines.add(
        "- keys of %d bytes, values of %d bytes that compress to about half, put in random order;"
                .formatted(DataSet.KEY_BYTES, options.valueBytes())
            + " %,d reads (half of the entries, if that is less) and %,d seeks"
                .formatted(ScaleWorker.READS, ScaleWorker.SEEKS)
            + " in an order of their own");
    lines.add(
        "- all: write buffer %d MiB, block cache %d MiB"
            .formatted(options.memtableMib(), options.cacheMib()));
    for (var engine : options.engines()) {
      lines.add("- " + engine.options());
    }
    lines.add(
        "- each column: one JVM (`"
            + String.join(" ", ScaleBench.JVM_FLAGS)
            + "`) fills and closes, another one opens and reads; both warmed up on scratch stores;"
            + " one round");
    lines.add(
        "- CPU: whole process; of puts until everything is flushed and merged, or for 10 minutes");
    lines.add(
        "- open: files may be in the page cache. RssAnon has the JVM in it, and of its heap what"
            + " the warm-up has touched");
    lines.add("");
    lines.addAll(table().lines());
    return lines;
  }

  private MarkdownTable table() {
    var header = new ArrayList<String>();
    header.add("");
    for (var column : columns) {
      header.add("%s, %,d".formatted(column.engine().engineName(), column.size()));
    }
    var table = new MarkdownTable(header.toArray(new String[0]));
    for (var row : ROWS) {
      var cells = new ArrayList<String>();
      cells.add(row.name());
      for (var column : columns) {
        double value = row.value().applyAsDouble(column.result());
        cells.add(String.format(Locale.ROOT, row.format(), value));
      }
      table.add(cells.toArray(new String[0]));
    }
    return table;
  }
}
