package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses what to merge where data goes by age: a pure function.
///
/// All tables are in level 0. Those whose newest entries were flushed in the same window and that
/// stand together are merged: like a size-tiered tree while the window lasts, into one when it is
/// over, or into as few as can be if that is more than one table can hold ([RunRoom]). Tables of
/// different windows are never merged, so a whole table becomes due at about one time, and is
/// dropped unread.
final class TimeWindowedPicker {
  /// Within the window that lasts.
  private static final CompactionStyle.SizeTiered TIERS =
      new CompactionStyle.SizeTiered(4, 1 << 20, 0, Duration.ZERO);

  private final Levels levels;
  private final long windowMillis;
  private final CompactionOptions options;
  private final CompactionLoad load;

  private TimeWindowedPicker(
      Levels levels,
      CompactionStyle.TimeWindowed style,
      CompactionOptions options,
      CompactionLoad load) {
    this.levels = levels;
    this.windowMillis = style.window().toMillis();
    this.options = options;
    this.load = load;
  }

  static @Nullable Compaction pick(
      Levels levels,
      CompactionStyle.TimeWindowed style,
      CompactionOptions options,
      CompactionLoad load) {
    return new TimeWindowedPicker(levels, style, options, load).pick(false);
  }

  /// As `pick`, but does not wait for the last window to end.
  static @Nullable Compaction pickFull(
      Levels levels,
      CompactionStyle.TimeWindowed style,
      CompactionOptions options,
      CompactionLoad load) {
    return new TimeWindowedPicker(levels, style, options, load).pick(true);
  }

  /// What merges owe.
  static int owed(Levels levels, CompactionStyle.TimeWindowed style) {
    int most = 0;
    int together = 0;
    long window = -1;
    for (TableMeta table : levels.level(0)) {
      if (!RunRoom.isEnoughForTwo(table)) {
        continue; // it may be as large as it can be
      }
      long tableWindow = table.times().newestMillis() / style.window().toMillis();
      together = tableWindow == window ? together + 1 : 1;
      window = tableWindow;
      most = Math.max(most, together);
    }
    return Math.max(0, most - 4 * TIERS.tables());
  }

  private @Nullable Compaction pick(boolean isFull) {
    Compaction picked = DroppableTables.pick(levels, load);
    if (picked == null) {
      picked = ExpiredTables.pick(levels, load);
    }
    long current = load.nowMillis() / windowMillis;
    for (List<TableMeta> group : groups()) {
      if (picked != null) {
        return picked;
      }
      boolean isOver = isFull || window(group.getFirst()) < current;
      picked = isOver ? mergeAll(group) : SizeTieredPicker.pickLikeSized(group, TIERS, load);
    }
    return picked != null ? picked : pickGarbage();
  }

  /// Tables of level 0 that stand together and are of the same window.
  private List<List<TableMeta>> groups() {
    var groups = new ArrayList<List<TableMeta>>();
    var group = new ArrayList<TableMeta>();
    for (TableMeta table : levels.level(0)) {
      if (!group.isEmpty() && window(group.getFirst()) != window(table)) {
        groups.add(List.copyOf(group));
        group.clear();
      }
      group.add(table);
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
  }

  private long window(TableMeta table) {
    return table.times().newestMillis() / windowMillis;
  }

  private @Nullable Compaction mergeAll(List<TableMeta> group) {
    List<TableMeta> row = load.isAnyBusy(group) ? List.of() : oldestRow(group);
    return row.size() < 2
        ? null
        : new Compaction(Compaction.Kind.MERGE, 0, 0, row, List.of(), "window is over");
  }

  /// The oldest of neighbours that fit into one table, two or more; fewer if there are none.
  private static List<TableMeta> oldestRow(List<TableMeta> group) {
    var row = new ArrayList<TableMeta>();
    var room = new RunRoom();
    for (TableMeta table : group.reversed()) {
      if (!room.isEnoughFor(table)) {
        if (row.size() > 1) {
          break;
        }
        row.clear();
        room.clear();
      }
      row.addFirst(table);
      room.take(table);
    }
    return row;
  }

  /// A table with much garbage that nothing older needs; rewritten alone, so that windows stay.
  private @Nullable Compaction pickGarbage() {
    List<TableMeta> tables = levels.level(0);
    if (load.hasOlderShared()) {
      return null;
    }
    for (int i = tables.size() - 1; i >= 0; i--) {
      TableMeta table = tables.get(i);
      if (!load.isBusy(table)
          && !goesSoon(table)
          && GarbageRuns.isWorthRewriting(table, options, load)
          && load.isSeenByAll(table.largestSequence())
          && !levels.isOverlappedBelow(0, table.range())
          && tables.subList(i + 1, tables.size()).stream().noneMatch(table::overlaps)) {
        return new Compaction(Compaction.Kind.MERGE, 0, 0, List.of(table), List.of(), "garbage");
      }
    }
    return null;
  }

  /// Whether the whole table can be dropped within a window: to write it again would be for
  /// nothing.
  private boolean goesSoon(TableMeta table) {
    return table.times().expiring() > 0
        && table.times().expiring() + table.deletions() == table.entries()
        && table.times().largestExpiryMillis() - load.nowMillis() <= windowMillis;
  }
}
