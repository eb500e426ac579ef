package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Chooses what to merge where runs of like size are: a pure function.
///
/// All runs are tables of level 0, newest first, and only neighbours are merged: so what comes out
/// takes their place in the order of time (V1). A run is of class 0 up to the smallest size that
/// counts, and of the next class from each `tables` times that on. The smallest class of which
/// `tables` runs stand together is merged, along with smaller runs between them: those are never
/// left behind. What an earlier style left in deeper levels is one more run, the oldest.
///
/// Runs of full size, as the style says, are left alone, and part those around them. So do those
/// that would make more than one table can hold ([RunRoom]), until as many like them stand together
/// as would be merged: then the oldest runs go to the deeper levels, which are not one table.
final class SizeTieredPicker {
  private final Levels levels;
  private final CompactionStyle.SizeTiered style;
  private final CompactionOptions options;
  private final CompactionLoad load;

  private SizeTieredPicker(
      Levels levels,
      CompactionStyle.SizeTiered style,
      CompactionOptions options,
      CompactionLoad load) {
    this.levels = levels;
    this.style = style;
    this.options = options;
    this.load = load;
  }

  static @Nullable Compaction pick(
      Levels levels,
      CompactionStyle.SizeTiered style,
      CompactionOptions options,
      CompactionLoad load) {
    Compaction dropped = DroppableTables.pick(levels, load);
    return dropped != null ? dropped : new SizeTieredPicker(levels, style, options, load).pick();
  }

  /// Runs of a group that are more than it may have: what merges owe.
  static int owed(Levels levels, CompactionStyle.SizeTiered style) {
    return Math.max(0, largestGroup(levels.level(0), style) - style.tables());
  }

  private static int largestGroup(List<TableMeta> runs, CompactionStyle.SizeTiered style) {
    long most = 0;
    for (int sizeClass = 0; sizeClass <= largestClass(runs, style); sizeClass++) {
      for (List<TableMeta> group : groups(runs, sizeClass, style, true, _ -> true)) {
        most = Math.max(most, ofClass(group, sizeClass, style));
      }
    }
    return Math.toIntExact(most);
  }

  /// Rows of neighbours of a class or smaller that may be merged with each other.
  ///
  /// @param isOneTable whether that is to make one table
  private static List<List<TableMeta>> groups(
      List<TableMeta> runs,
      int sizeClass,
      CompactionStyle.SizeTiered style,
      boolean isOneTable,
      Predicate<TableMeta> isFree) {
    var groups = new ArrayList<List<TableMeta>>();
    var group = new ArrayList<TableMeta>();
    var room = new RunRoom();
    for (TableMeta run : runs) {
      boolean isIn =
          isFree.test(run)
              && !isFullSized(run, style)
              && sizeClass(run.bytes(), style) <= sizeClass;
      if (!isIn || (isOneTable && !room.isEnoughFor(run))) {
        groups.add(List.copyOf(group));
        group.clear();
        room.clear();
      }
      if (isIn) {
        group.add(run);
        room.take(run);
      }
    }
    groups.add(List.copyOf(group));
    return groups;
  }

  private @Nullable Compaction pick() {
    List<TableMeta> runs = levels.level(0);
    Compaction picked = pickLikeSized(runs, style, load);
    if (picked == null && isTooMuchForOneTable(runs)) {
      picked = CompactionPicker.pickFull(levels, options, load);
    }
    if (picked == null) {
      picked = pickIntoDeeper();
    }
    if (picked == null) {
      picked = GarbageRuns.pick(levels, options, load);
    }
    return picked != null ? picked : pickOld(runs);
  }

  /// What is to be merged of runs that stand together, null if nothing is.
  static @Nullable Compaction pickLikeSized(
      List<TableMeta> runs, CompactionStyle.SizeTiered style, CompactionLoad load) {
    return pickLikeSized(runs, style, true, load);
  }

  private static @Nullable Compaction pickLikeSized(
      List<TableMeta> runs,
      CompactionStyle.SizeTiered style,
      boolean isOneTable,
      CompactionLoad load) {
    for (int sizeClass = 0; sizeClass <= largestClass(runs, style); sizeClass++) {
      for (List<TableMeta> group :
          groups(runs, sizeClass, style, isOneTable, run -> !load.isBusy(run))) {
        List<TableMeta> trimmed = trimmed(group, sizeClass, style);
        if (trimmed.size() >= style.tables()
            && ofClass(trimmed, sizeClass, style) >= style.tables()) {
          String reason =
              String.format(Locale.ROOT, "%d runs of class %d", trimmed.size(), sizeClass);
          return new Compaction(Compaction.Kind.MERGE, 0, 0, trimmed, List.of(), reason);
        }
      }
    }
    return null;
  }

  /// Whether there would be something to merge if one table could hold it.
  private boolean isTooMuchForOneTable(List<TableMeta> runs) {
    return pickLikeSized(runs, style, false, load) != null;
  }

  private static boolean isFullSized(TableMeta run, CompactionStyle.SizeTiered style) {
    return style.bytesMax() > 0 && run.bytes() >= style.bytesMax();
  }

  /// Without the newest runs before the first of the class: they go with their likes later.
  private static List<TableMeta> trimmed(
      List<TableMeta> group, int sizeClass, CompactionStyle.SizeTiered style) {
    int from = 0;
    while (from < group.size() && sizeClass(group.get(from).bytes(), style) < sizeClass) {
      from++;
    }
    return List.copyOf(group.subList(from, group.size()));
  }

  private static long ofClass(
      List<TableMeta> group, int sizeClass, CompactionStyle.SizeTiered style) {
    return group.stream().filter(run -> sizeClass(run.bytes(), style) == sizeClass).count();
  }

  private static int largestClass(List<TableMeta> runs, CompactionStyle.SizeTiered style) {
    int largest = 0;
    for (TableMeta run : runs) {
      largest = Math.max(largest, sizeClass(run.bytes(), style));
    }
    return largest;
  }

  static int sizeClass(long bytes, CompactionStyle.SizeTiered style) {
    int sizeClass = 0;
    long limit = Math.max(1, style.bytesMin());
    while (bytes >= limit) {
      sizeClass++;
      if (limit > Long.MAX_VALUE / style.tables()) {
        break;
      }
      limit *= style.tables();
    }
    return sizeClass;
  }

  /// All runs together with what lies deeper, once they are as large.
  private @Nullable Compaction pickIntoDeeper() {
    long deeper = 0;
    for (int level = 1; level < Levels.COUNT; level++) {
      deeper += levels.bytes(level);
    }
    return deeper > 0 && levels.bytes(0) >= deeper
        ? CompactionPicker.pickFull(levels, options, load)
        : null;
  }

  /// The longest row of runs that have waited too long.
  private @Nullable Compaction pickOld(List<TableMeta> runs) {
    if (style.ageMax().isZero()) {
      return null;
    }
    long newestAllowed = load.nowMillis() - style.ageMax().toMillis();
    var group = new ArrayList<TableMeta>();
    var room = new RunRoom();
    List<TableMeta> longest = List.of();
    for (TableMeta run : runs) {
      boolean isIn =
          !load.isBusy(run)
              && !isFullSized(run, style)
              && run.times().newestMillis() <= newestAllowed;
      if (!isIn || !room.isEnoughFor(run)) {
        group.clear();
        room.clear();
      }
      if (isIn) {
        group.add(run);
        room.take(run);
        if (group.size() > longest.size()) {
          longest = List.copyOf(group);
        }
      }
    }
    return longest.size() < 2
        ? null
        : new Compaction(Compaction.Kind.MERGE, 0, 0, longest, List.of(), "age");
  }
}
