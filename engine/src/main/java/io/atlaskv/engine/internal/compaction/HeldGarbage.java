package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Tree;

/// Garbage that stays because a snapshot needs it: a pure function, for whoever looks again when
/// snapshots are released.
public final class HeldGarbage {
  /// Answer of `heldThrough`: no snapshot holds any.
  public static final long NONE = Long.MAX_VALUE;

  private HeldGarbage() {}

  /// The smallest sequence that has to be seen by all snapshots before one more table is worth a
  /// look: one with much garbage, or with range tombstones, which may hide other tables wholly.
  public static long heldThrough(StoreState state, CompactionOptions options, CompactionLoad load) {
    long held = heldThrough(state.levels(), options, load);
    for (Tree tree : state.trees().values()) {
      held = Math.min(held, heldThrough(tree.levels(), options, load));
    }
    return held;
  }

  /// As above, of one tree.
  static long heldThrough(Levels levels, CompactionOptions options, CompactionLoad load) {
    long held = NONE;
    if (load.isSeenByAll(held)) {
      return held; // there are no snapshots
    }
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : levels.level(level)) {
        long through = table.largestSequence();
        if (through < held
            && !load.isSeenByAll(through)
            && (table.rangeDeletions() > 0 || GarbageRuns.isWorthRewriting(table, options, load))) {
          held = through;
        }
      }
    }
    return held;
  }
}
