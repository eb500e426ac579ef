package io.atlaskv.bench.engine;

import java.util.List;
import java.util.Locale;

/// What AtlasKV promises against RocksDB in the same run. All of them are ratios of which more is
/// better.
///
/// @param row a workload or another figure
/// @param figure of the row
/// @param wanted the least ratio
record EngineGate(String row, Kind figure, double wanted) {
  static final List<EngineGate> AGAINST_ROCKSDB =
      List.of(
          new EngineGate("fillseq", Kind.CPU, 2),
          new EngineGate("fillbatch100", Kind.CPU, 1),
          new EngineGate("fillrandom", Kind.CPU, 2),
          new EngineGate("readrandom", Kind.CPU, 2),
          new EngineGate("readmissing", Kind.CPU, 1.5),
          new EngineGate("readseq", Kind.CPU, 2),
          new EngineGate("seekrandom+10", Kind.CPU, 3),
          new EngineGate("overwrite", Kind.CPU, 1.5),
          new EngineGate("readwhilewriting", Kind.CPU, 2),
          new EngineGate("deleterandom", Kind.CPU, 2),
          new EngineGate("fillsync-1", Kind.RATE, 1.3),
          new EngineGate("fillsync-8", Kind.RATE, 1.5),
          new EngineGate("open-after-kill", Kind.FACT, 2),
          new EngineGate("space-tables", Kind.FACT, 1 / 1.1),
          new EngineGate("written", Kind.FACT, 1 / 1.15));

  /// What of a row is compared: the time of synced writes and opening is the disk's, that of others
  /// the processor's.
  static Kind kindOf(String row) {
    if (row.startsWith("fillsync")) {
      return Kind.RATE;
    }
    return row.equals("open-after-kill") ? Kind.FACT : Kind.CPU;
  }

  enum Kind {
    CPU("CPU"),
    RATE("ops/s"),
    FACT("figure");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /// The name of the row and what of it is compared.
  String text() {
    return String.format(Locale.ROOT, "%s, %s: ratio ≥ %.2f", row, figure.text, wanted);
  }

  /// NaN if the row was not run.
  double measured(EngineResult ours, EngineResult theirs) {
    return switch (figure) {
      case CPU ->
          theirs
              .figure(row, Figures::cpuMicros)
              .over(ours.figure(row, Figures::cpuMicros))
              .median();
      case RATE ->
          ours.figure(row, Figures::opsPerSecond)
              .over(theirs.figure(row, Figures::opsPerSecond))
              .median();
      case FACT -> theirs.fact(row).over(ours.fact(row)).median();
    };
  }
}
