package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds runs of level 0 that have much garbage and can shed it: tombstones and overwritten entries
/// that no snapshot needs, and entries that are due.
final class GarbageRuns {
  private GarbageRuns() {}

  /// The run with garbage and all older ones, which its tombstones hide; null if there is none, or
  /// if that is more than one table can hold.
  static @Nullable Compaction pick(Levels levels, CompactionOptions options, CompactionLoad load) {
    List<TableMeta> runs = levels.level(0);
    if (load.hasOlderShared()) {
      return null; // the tombstones would have to stay
    }
    for (int i = runs.size() - 1; i >= 0; i--) {
      TableMeta run = runs.get(i);
      if (load.isBusy(run)) {
        return null;
      }
      if (isWorthRewriting(run, options, load)
          && !levels.isOverlappedBelow(0, run.range())
          && load.isSeenByAll(run.largestSequence())) {
        List<TableMeta> hidden = runs.subList(i, runs.size());
        return RunRoom.isEnoughFor(hidden)
            ? new Compaction(Compaction.Kind.MERGE, 0, 0, hidden, List.of(), "garbage")
            : null;
      }
    }
    return null;
  }

  /// Whether so much of a table can go that it pays to write the rest again.
  static boolean isWorthRewriting(TableMeta table, CompactionOptions options, CompactionLoad load) {
    long dead = table.deletions() + table.shadowed() + due(table, load.nowMillis());
    return (dead > 0 && dead * 100 >= table.entries() * options.garbagePercent())
        || (table.entries() == 0 && table.rangeDeletions() > 0);
  }

  /// How many entries are due, if they are spread evenly over the time in which they are.
  static long due(TableMeta table, long nowMillis) {
    long smallest = table.times().smallestExpiryMillis();
    long largest = table.times().largestExpiryMillis();
    if (table.times().expiring() == 0 || nowMillis < smallest) {
      return 0;
    }
    if (nowMillis >= largest) {
      return table.times().expiring();
    }
    double share = (double) (nowMillis - smallest) / (largest - smallest);
    return (long) (table.times().expiring() * share);
  }
}
