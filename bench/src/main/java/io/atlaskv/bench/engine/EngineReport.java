package io.atlaskv.bench.engine;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Puts the figures into words and tables: the first engine against each of the others.
record EngineReport(
    EngineBenchOptions options, String arguments, Map<Engine, EngineResult> results) {
  private static final List<String> GATED = List.of("fillseq", "fillrandom", "readrandom");

  List<String> lines() {
    var first = options.engines().getFirst();
    var lines = new ArrayList<String>();
    lines.add("# AtlasKV's engine against embedded peers");
    lines.add("");
    lines.addAll(Environment.here().lines());
    lines.add("- command: `bench/engine-bench" + arguments + "`");
    lines.add(
        "- %,d entries, keys of %d bytes, values of %d bytes that compress to about half; %d rounds,"
                .formatted(
                    options.entries(), DataSet.KEY_BYTES, DataSet.VALUE_BYTES, options.rounds())
            + " interleaved, each engine and workload set in a JVM of its own (`"
            + String.join(" ", WorkerProcess.JVM_FLAGS)
            + "`), warmed up on scratch stores of the same size until the JIT compiler had little left to do");
    var standard = StoreSettings.standard(Path.of(""));
    lines.add(
        "- all: write buffer %d MiB, block cache %d MiB"
            .formatted(standard.memtableBytes() >> 20, standard.cacheBytes() >> 20));
    for (var engine : options.engines()) {
      lines.add("- " + engine.options());
    }
    lines.add(
        "- CPU-µs per operation: whole process, background threads included, until everything is"
            + " flushed and merged; in brackets until the last operation returned");
    lines.add(
        "- ratios are of the same round, > 1 means that "
            + first.engineName()
            + " is better: median [least–greatest]; reads of readwhilewriting run beside one write"
            + " per "
            + Workloads.READS_PER_WRITE);
    for (var other : options.engines().subList(1, options.engines().size())) {
      lines.add("");
      lines.addAll(compare(first, other));
    }
    return lines;
  }

  private List<String> compare(Engine ours, Engine theirs) {
    var table =
        new MarkdownTable(
            "workload",
            "CPU-µs/op " + ours.engineName(),
            theirs.engineName(),
            "CPU ratio",
            "ops/s " + ours.engineName(),
            theirs.engineName(),
            "ops/s ratio",
            "p50 / p99.9 µs " + ours.engineName(),
            theirs.engineName());
    var gates = new MarkdownTable("gate", "measured", "verdict");
    var facts = new MarkdownTable("figure", ours.engineName(), theirs.engineName(), "ratio");
    var our = Objects.requireNonNull(results.get(ours));
    var their = Objects.requireNonNull(results.get(theirs));
    for (var set : WorkloadSet.values()) {
      for (var name : set.workloads()) {
        if (our.hasFigures(name)) {
          var cpu =
              their.figure(name, Figures::cpuMicros).over(our.figure(name, Figures::cpuMicros));
          table.add(
              name,
              cpu(our, name),
              cpu(their, name),
              cpu.ratioText(),
              "%,.0f".formatted(our.figure(name, Figures::opsPerSecond).median()),
              "%,.0f".formatted(their.figure(name, Figures::opsPerSecond).median()),
              our.figure(name, Figures::opsPerSecond)
                  .over(their.figure(name, Figures::opsPerSecond))
                  .ratioText(),
              latency(our, name),
              latency(their, name));
          if (GATED.contains(name)) {
            atLeast(
                gates, name + ": CPU ratio to " + theirs.engineName() + " ≥ 1", cpu.median(), 1);
          }
        } else if (our.hasFact(name)) {
          var ratio = their.fact(name).over(our.fact(name));
          facts.add(words(name), text(our.fact(name)), text(their.fact(name)), ratio.ratioText());
          if (set == WorkloadSet.OPEN_AFTER_KILL) {
            double millis = our.fact(name).median();
            boolean isMet = millis <= 1000;
            gates.add(
                "open after kill ≤ 1000 ms",
                String.format(Locale.ROOT, "%.0f", millis),
                isMet ? "met" : String.format(Locale.ROOT, "missed by %.0f ms", millis - 1000));
          }
        }
      }
    }
    var lines = new ArrayList<String>(table.lines());
    lines.add("");
    lines.addAll(facts.lines());
    lines.add("");
    lines.addAll(gates.lines());
    return lines;
  }

  private String words(String fact) {
    return switch (fact) {
      case "space-tables" -> "tables on disk / live data, after overwrite";
      case "space-all" -> "all files / live data, preallocated log included";
      case "written" -> "bytes written / data, in overwrite";
      case "open-after-kill" ->
          "open after kill -9, %,d unflushed entries, ms".formatted(options.entries());
      default -> fact;
    };
  }

  private static void atLeast(MarkdownTable table, String gate, double measured, double wanted) {
    table.add(
        gate,
        String.format(Locale.ROOT, "%.2f", measured),
        measured >= wanted
            ? "met"
            : String.format(Locale.ROOT, "missed by %.2f", wanted - measured));
  }

  private static String cpu(EngineResult result, String workload) {
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f)",
        result.figure(workload, Figures::cpuMicros).median(),
        result.figure(workload, Figures::foregroundMicros).median());
  }

  private static String latency(EngineResult result, String workload) {
    double p999 = result.figure(workload, Figures::p999Micros).median();
    return p999 == 0
        ? "–"
        : String.format(
            Locale.ROOT, "%.1f / %.1f", result.figure(workload, Figures::p50Micros).median(), p999);
  }

  private static String text(Samples samples) {
    return String.format(Locale.ROOT, "%.2f", samples.median());
  }
}
