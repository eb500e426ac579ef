package io.atlaskv.bench.engine;

import java.util.Arrays;
import java.util.List;

/// Workloads that share a store, and hence a JVM.
enum WorkloadSet {
  SEQUENTIAL("fillseq readseq"),
  BATCH("fillbatch100"),
  RANDOM(
      "fillrandom readrandom readrandom-2 readmissing seekrandom+10 seekrandom+10-2 overwrite"
          + " overwrite-2 readwhilewriting deleterandom"
          + " space-tables space-all written checkpoint checkpoint-stall"),
  SYNC("fillsync-1 fillsync-8"),
  OPEN_AFTER_KILL("open-after-kill unflushed lost-by-kill");

  private final String workloads;

  WorkloadSet(String workloads) {
    this.workloads = workloads;
  }

  /// Of all sets.
  static List<String> workloadNames() {
    return Arrays.stream(values()).flatMap(set -> set.workloads().stream()).toList();
  }

  /// Their names and those of the other figures, in the order of the tables.
  List<String> workloads() {
    return List.of(workloads.split(" ", -1));
  }
}
