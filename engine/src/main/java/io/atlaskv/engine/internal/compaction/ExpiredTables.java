package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds tables of level 0 of which all entries are due: they need not be read to be dropped. An
/// entry that is due hides older ones of its key, so its table may go only if no older table that
/// stays may have the key.
final class ExpiredTables {
  private ExpiredTables() {}

  /// A compaction that drops all such tables, null if there are none.
  static @Nullable Compaction pick(Levels levels, CompactionLoad load) {
    if (load.hasOlderShared()) {
      return null;
    }
    List<TableMeta> newestFirst = levels.level(0);
    var dropped = new ArrayList<TableMeta>();
    var staying = new ArrayList<TableMeta>();
    for (TableMeta table : newestFirst.reversed()) {
      if (isAllDue(table, load)
          && !levels.isOverlappedBelow(0, table.range())
          && staying.stream().noneMatch(table::overlaps)) {
        dropped.addFirst(table);
      } else {
        staying.add(table);
      }
    }
    return dropped.isEmpty()
        ? null
        : new Compaction(Compaction.Kind.DROP, 0, 0, dropped, List.of(), "expired");
  }

  private static boolean isAllDue(TableMeta table, CompactionLoad load) {
    return !load.isBusy(table)
        && table.entries() > 0
        && table.rangeDeletions() == 0
        && table.times().expiring() + table.deletions() == table.entries()
        && table.times().expiring() > 0
        && table.times().largestExpiryMillis() <= load.nowMillis()
        && load.isSeenByAll(table.largestSequence());
  }
}
