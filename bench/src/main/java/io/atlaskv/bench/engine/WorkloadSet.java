package io.atlaskv.bench.engine;

import java.util.List;

/// Workloads that share a store, and hence a JVM.
enum WorkloadSet {
  SEQUENTIAL("fillseq readseq"),
  BATCH("fillbatch100"),
  RANDOM(
      "fillrandom readrandom readmissing seekrandom+10 overwrite readwhilewriting deleterandom"
          + " space-tables space-all written"),
  SYNC("fillsync-1 fillsync-8"),
  OPEN_AFTER_KILL("open-after-kill");

  private final String workloads;

  WorkloadSet(String workloads) {
    this.workloads = workloads;
  }

  /// Their names and those of the other figures, in the order of the tables.
  List<String> workloads() {
    return List.of(workloads.split(" ", -1));
  }
}
