package io.atlaskv.bench.engine;

import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Report;
import io.atlaskv.bench.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Puts the figures into words and tables: all engines in one, then the first one against each of
/// the others.
record EngineReport(
    EngineBenchOptions options, String arguments, Map<Engine, EngineResult> results) {
  static final String NOT_MEASURED = "–";

  private static final double STALL_MILLIS_MAX = 20;

  List<String> lines() {
    var first = options.engines().getFirst();
    var others = options.engines().subList(1, options.engines().size());
    var lines = new ArrayList<String>(introduction(first));
    lines.add("");
    lines.add("## All engines");
    lines.add("");
    lines.addAll(new BestPeers(first, others, results).lines());
    for (var other : others) {
      lines.add("");
      lines.add("## " + first.engineName() + " and " + other.engineName());
      lines.add("");
      lines.addAll(compare(first, other));
      if (first == Engine.ATLASKV && other == Engine.ROCKSDB) {
        lines.add("");
        lines.addAll(gates(result(first), result(other)));
      }
    }
    return lines;
  }

  private List<String> introduction(Engine first) {
    var lines =
        Report.heading("AtlasKV's engine against embedded peers", "bench/engine-bench" + arguments);
    lines.add(
        "- %,d entries, keys of %d bytes, values of %d bytes that compress to about half; %d %s,"
                .formatted(
                    options.shape().entries(),
                    DataSet.KEY_BYTES,
                    options.shape().valueBytes(),
                    options.rounds(),
                    options.rounds() == 1 ? "round" : "rounds")
            + " interleaved, each engine and workload set in a JVM of its own (`"
            + String.join(" ", WorkerProcess.JVM_FLAGS)
            + "`, and what the engine needs), warmed up on scratch stores until the JIT compiler"
            + " had little left to do in three passes on end");
    var standard = StoreSettings.standard(Path.of(""));
    lines.add(
        "- all: write buffer %d MiB, block cache %d MiB"
            .formatted(standard.memtableBytes() >> 20, standard.cacheBytes() >> 20));
    for (var engine : options.engines()) {
      lines.add("- " + engine.options());
      if (!engine.jvmFlags().isEmpty()) {
        lines.add("    - JVM flags: `" + String.join(" ", engine.jvmFlags()) + "`");
      }
      result(engine).failures().values().forEach(why -> lines.add("    - not measured: " + why));
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
    lines.add(
        "- longest: the longest time without a finished operation, the greatest of all rounds;"
            + " pauses of the machine are in it; with more than one thread the longest operation, and"
            + " of readwhilewriting its writes, too. Latencies are those of one operation in four,"
            + " of each batch, synced write, and write of readwhilewriting");
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
            "p50 / p99.9 µs, longest ms " + ours.engineName(),
            theirs.engineName());
    var facts = new MarkdownTable("figure", ours.engineName(), theirs.engineName(), "ratio");
    var our = result(ours);
    var their = result(theirs);
    for (var set : WorkloadSet.values()) {
      for (var name : set.workloads()) {
        if (our.hasFigures(name)) {
          table.add(
              name,
              cpu(our, name),
              cpu(their, name),
              their
                  .figure(name, Figures::cpuMicros)
                  .over(our.figure(name, Figures::cpuMicros))
                  .ratioText(),
              rate(our, name),
              rate(their, name),
              our.figure(name, Figures::opsPerSecond)
                  .over(their.figure(name, Figures::opsPerSecond))
                  .ratioText(),
              latency(our, name),
              latency(their, name));
        } else if (our.hasFact(name)) {
          facts.add(
              words(name),
              text(our.fact(name)),
              text(their.fact(name)),
              their.fact(name).over(our.fact(name)).ratioText());
        }
      }
    }
    var lines = new ArrayList<String>(table.lines());
    lines.add("");
    lines.addAll(facts.lines());
    return lines;
  }

  private static List<String> gates(EngineResult ours, EngineResult theirs) {
    var gates = new MarkdownTable("gate", "measured", "verdict");
    for (var gate : EngineGate.AGAINST_ROCKSDB) {
      double measured = gate.measured(ours, theirs);
      if (!Double.isNaN(measured)) {
        gates.add(
            gate.text(),
            String.format(Locale.ROOT, "%.2f", measured),
            measured >= gate.wanted()
                ? "met"
                : String.format(Locale.ROOT, "missed by %.2f", gate.wanted() - measured));
      }
    }
    double stallMillis =
        WorkloadSet.workloadNames().stream()
            .mapToDouble(name -> ours.figure(name, Figures::longestMicros).greatest() / 1e3)
            .filter(millis -> !Double.isNaN(millis))
            .max()
            .orElse(0);
    gates.add(
        String.format(Locale.ROOT, "longest stall of any row ≤ %.0f ms", STALL_MILLIS_MAX),
        String.format(Locale.ROOT, "%.1f", stallMillis),
        stallMillis <= STALL_MILLIS_MAX
            ? "met"
            : String.format(Locale.ROOT, "missed by %.1f ms", stallMillis - STALL_MILLIS_MAX));
    return gates.lines();
  }

  private static String words(String fact) {
    return switch (fact) {
      case "space-tables" -> "tables on disk / live data, after overwrite";
      case "space-all" -> "all files / live data, preallocated log included";
      case "written" -> "bytes written / data, in overwrite";
      case "open-after-kill" -> "open after kill -9 with unflushed entries, ms";
      case "unflushed" -> "… how many";
      case "lost-by-kill" -> "… of them lost, or not as they were written, %";
      case "checkpoint" -> "checkpoint beside a thread that writes, ms";
      case "checkpoint-stall" -> "… longest of its writes meanwhile, ms";
      default -> fact;
    };
  }

  private EngineResult result(Engine engine) {
    return Objects.requireNonNull(results.get(engine));
  }

  private static String cpu(EngineResult result, String workload) {
    if (!result.hasFigures(workload)) {
      return NOT_MEASURED;
    }
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f)",
        result.figure(workload, Figures::cpuMicros).median(),
        result.figure(workload, Figures::foregroundMicros).median());
  }

  private static String rate(EngineResult result, String workload) {
    double rate = result.figure(workload, Figures::opsPerSecond).median();
    return Double.isNaN(rate) ? NOT_MEASURED : String.format(Locale.ROOT, "%,.0f", rate);
  }

  private static String latency(EngineResult result, String workload) {
    double p999 = result.figure(workload, Figures::p999Micros).median();
    return p999 == 0 || Double.isNaN(p999)
        ? NOT_MEASURED
        : String.format(
            Locale.ROOT,
            "%.1f / %.1f, %.1f",
            result.figure(workload, Figures::p50Micros).median(),
            p999,
            result.figure(workload, Figures::longestMicros).greatest() / 1e3);
  }

  private static String text(Samples samples) {
    double median = samples.median();
    return Double.isNaN(median) ? NOT_MEASURED : String.format(Locale.ROOT, "%,.2f", median);
  }
}
