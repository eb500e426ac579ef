package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds tables that newer range tombstones above hide wholly from everybody: they need not be read
/// to be dropped. Their own tombstones may go with them, for what those hide, the ones above hide
/// too.
final class DroppableTables {
  private final Levels levels;
  private final CompactionLoad load;

  private DroppableTables(Levels levels, CompactionLoad load) {
    this.levels = levels;
    this.load = load;
  }

  /// A compaction that drops all such tables of one level, null if there are none.
  static @Nullable Compaction pick(Levels levels, CompactionLoad load) {
    return new DroppableTables(levels, load).pick();
  }

  private @Nullable Compaction pick() {
    var above = new ArrayList<RangeTombstones>(); // of tables newer than the one looked at
    for (int level = 0; level < Levels.COUNT; level++) {
      var droppable = new ArrayList<TableMeta>();
      var here = new ArrayList<RangeTombstones>();
      for (TableMeta table : levels.level(level)) {
        if (!load.isBusy(table) && above.stream().anyMatch(set -> hides(set, table))) {
          droppable.add(table);
        }
        if (table.rangeDeletions() > 0) {
          (level == 0 ? above : here).add(load.tombstones().apply(table));
        }
      }
      if (!droppable.isEmpty()) {
        return new Compaction(
            Compaction.Kind.DROP, level, level, droppable, List.of(), "range tombstone");
      }
      above.addAll(here);
    }
    return null;
  }

  /// Whether touching fragments of `set` cover the whole table, each with a sequence above all of
  /// the table's that no snapshot separates from them.
  private boolean hides(RangeTombstones set, TableMeta table) {
    byte[] at = table.smallest().toArray();
    int fragment = set.firstEndingAfter(at, 0, at.length);
    while (fragment < set.fragments()
        && compare(set.start(fragment), at) <= 0
        && isHiding(set, fragment, table)) {
      at = set.end(fragment);
      int order = compare(at, table.largest().toArray());
      if (order > 0 || (order == 0 && table.largestExclusive())) {
        return true;
      }
      fragment++;
    }
    return false;
  }

  private boolean isHiding(RangeTombstones set, int fragment, TableMeta table) {
    int count = set.sequenceCount(fragment);
    for (int i = count - 1; i >= 0; i--) { // the oldest one that is new enough is the best
      long sequence = set.sequence(fragment, i);
      if (sequence > table.largestSequence()) {
        return !load.isSnapshotBetween(table.smallestSequence(), sequence);
      }
    }
    return false;
  }

  private static int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right);
  }
}
