package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Chooses what to compact: a pure function of levels, options and load.
///
/// In this order: tables that range tombstones hide wholly are dropped; then levels above their
/// size, worst first; then tables with many dead entries; then level 0 if reads have paid for it;
/// then, when idle, what makes the store smaller. Nothing is picked that shares a table with a
/// running compaction.
public final class CompactionPicker {
  /// So many tables from a level's cursor on are looked at for the one with the least overlap.
  private static final int CANDIDATES = 16;

  /// When idle, level 0 is merged if the rest is at most so many times as large. Entries count as
  /// well as bytes: where the bottom compresses well, a few bytes there are much work.
  private static final int IDLE_REST_MAX = 2;

  /// When idle, level 0 is merged if the rest has at most so many entries for each of its
  /// tombstones and entries that are due: they give space back.
  private static final int IDLE_REST_PER_TOMBSTONE_MAX = 10;

  /// A table with dead entries goes down for them alone if what it is merged with is at most so
  /// many times what size would have it merged with: dead entries above the last level take little
  /// space, as those levels do, and one table may overlap all that is below.
  private static final int GARBAGE_OVERLAP_MAX = 2;

  /// What it costs to merge an entry, in lookups of a key in one more table.
  private static final int READS_PER_ENTRY = 6;

  /// Answer of `readsWorthMerging`: no number is.
  public static final long NEVER = Long.MAX_VALUE;

  private final Levels levels;
  private final CompactionOptions options;
  private final CompactionLoad load;
  private final LevelTargets targets;

  private CompactionPicker(Levels levels, CompactionOptions options, CompactionLoad load) {
    this.levels = levels;
    this.options = options;
    this.load = load;
    this.targets = LevelTargets.of(levels, options);
  }

  /// The most useful compaction now, null if nothing is worth doing.
  public static @Nullable Compaction pick(
      Levels levels, CompactionOptions options, CompactionLoad load) {
    return new CompactionPicker(levels, options, load).pick();
  }

  /// The next step towards a store that has everything in the last level and no garbage but what
  /// snapshots need; null if there is none now.
  public static @Nullable Compaction pickFull(
      Levels levels, CompactionOptions options, CompactionLoad load) {
    return pickFull(levels, options, load, null);
  }

  /// As above, for tables that may have keys of a range only; null is all.
  public static @Nullable Compaction pickFull(
      Levels levels, CompactionOptions options, CompactionLoad load, @Nullable KeyRange range) {
    return new CompactionPicker(levels, options, load).pickFull(range);
  }

  /// So many point reads cost as much by having to look into level 0 as it costs to merge it: from
  /// then on a merge has paid for itself by the time that as many have come again.
  public static long readsWorthMerging(Levels levels, CompactionOptions options) {
    List<TableMeta> level0 = levels.level(0);
    if (level0.isEmpty()) {
      return NEVER;
    }
    int base = LevelTargets.of(levels, options).baseLevel();
    List<TableMeta> overlapped = levels.overlapping(base, KeyRange.of(level0));
    if (level0.size() == 1 && overlapped.isEmpty()) {
      return NEVER;
    }
    return READS_PER_ENTRY * (entriesOf(level0) + entriesOf(overlapped)) / level0.size();
  }

  private @Nullable Compaction pick() {
    Compaction picked = DroppableTables.pick(levels, load);
    if (picked == null) {
      picked = pickOversized();
    }
    if (picked == null) {
      picked = pickGarbage();
    }
    if (picked == null && load.isReadOften() && !levels.level(0).isEmpty()) {
      picked = pickLevel0("reads");
    }
    if (picked == null && load.isIdle()) {
      picked = pickIdle();
    }
    return picked;
  }

  private @Nullable Compaction pickFull(@Nullable KeyRange range) {
    Compaction picked = DroppableTables.pick(levels, load);
    if (picked != null) {
      return picked;
    }
    if (!within(0, range).isEmpty()) {
      return pickLevel0("full");
    }
    for (int level = 1; level < Levels.LAST; level++) {
      List<TableMeta> tables = within(level, range);
      for (TableMeta table : tables) {
        picked = mergeDown(level, table, "full");
        if (picked != null) {
          return picked;
        }
      }
      if (!tables.isEmpty()) {
        return null; // all of it is busy
      }
    }
    return pickRewrite(table -> range == null || table.overlaps(range), "full");
  }

  private List<TableMeta> within(int level, @Nullable KeyRange range) {
    return range == null ? levels.level(level) : levels.overlapping(level, range);
  }

  private record Score(int level, double value) {}

  private @Nullable Compaction pickOversized() {
    var scores = new ArrayList<Score>();
    scores.add(new Score(0, (double) levels.level(0).size() / options.level0Tables()));
    for (int level = targets.baseLevel(); level < Levels.LAST; level++) {
      long bytes =
          levels.level(level).stream()
              .filter(table -> !load.isBusy(table))
              .mapToLong(TableMeta::bytes)
              .sum();
      scores.add(new Score(level, (double) bytes / targets.bytes(level)));
    }
    scores.sort((one, other) -> Double.compare(other.value(), one.value()));
    for (Score score : scores) {
      if (score.value() < 1) {
        return null;
      }
      String reason = String.format(Locale.ROOT, "score %.2f", score.value());
      Compaction picked =
          score.level() == 0 ? pickLevel0(reason) : pickFromLevel(score.level(), reason);
      if (picked != null) {
        return picked;
      }
    }
    return null;
  }

  /// All of level 0, or its oldest tables if there are very many, into the base level.
  private @Nullable Compaction pickLevel0(String reason) {
    List<TableMeta> all = levels.level(0);
    if (load.isAnyBusy(all)) {
      return null; // one compaction of level 0 at a time keeps V1
    }
    int from = all.size();
    long bytes = 0;
    while (from > 0
        && (all.size() - from < options.level0Tables() || bytes < options.compactionBytesMax())) {
      from--;
      bytes += all.get(from).bytes();
    }
    List<TableMeta> inputs = all.subList(from, all.size());
    int base = targets.baseLevel();
    List<TableMeta> overlapped = levels.overlapping(base, KeyRange.of(inputs));
    if (load.isAnyBusy(overlapped)) {
      return null;
    }
    boolean isMove =
        areDisjoint(inputs)
            && inputs.stream().allMatch(t -> levels.overlapping(base, t.range()).isEmpty());
    return isMove
        ? new Compaction(Compaction.Kind.MOVE, 0, base, inputs, List.of(), reason)
        : new Compaction(Compaction.Kind.MERGE, 0, base, inputs, overlapped, reason);
  }

  private static boolean areDisjoint(List<TableMeta> tables) {
    List<TableMeta> sorted =
        tables.stream().sorted(Comparator.comparing(TableMeta::smallest)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (!sorted.get(i - 1).endsBefore(sorted.get(i).smallest())) {
        return false;
      }
    }
    return true;
  }

  /// The table with the least overlap among the next ones after the level's cursor.
  private @Nullable Compaction pickFromLevel(int level, String reason) {
    List<TableMeta> tables = levels.level(level);
    int start = 0;
    while (start < tables.size()
        && tables.get(start).smallest().compareTo(levels.cursor(level)) <= 0) {
      start++;
    }
    TableMeta best = null;
    double leastOverlap = Double.MAX_VALUE;
    int candidates = 0;
    for (int i = 0; i < tables.size() && candidates < CANDIDATES; i++) {
      TableMeta table = tables.get((start + i) % tables.size());
      List<TableMeta> below = levels.overlapping(level + 1, table.range());
      if (!load.isBusy(table) && !load.isAnyBusy(below)) {
        candidates++;
        double overlap = (double) Levels.bytesOf(below) / Math.max(1, table.bytes());
        if (overlap < leastOverlap) {
          leastOverlap = overlap;
          best = table;
        }
      }
    }
    return best == null ? null : mergeDown(level, best, reason);
  }

  /// A table and what it overlaps in the next level; null if any of it is busy.
  private @Nullable Compaction mergeDown(int level, TableMeta table, String reason) {
    List<TableMeta> overlapped = levels.overlapping(level + 1, table.range());
    if (load.isBusy(table) || load.isAnyBusy(overlapped)) {
      return null;
    }
    if (overlapped.isEmpty()) {
      return new Compaction(
          Compaction.Kind.MOVE, level, level + 1, List.of(table), List.of(), reason);
    }
    List<TableMeta> inputs = neighboursWithin(level, table, overlapped);
    return new Compaction(Compaction.Kind.MERGE, level, level + 1, inputs, overlapped, reason);
  }

  /// The table and its neighbours that can be merged without reading more of the next level.
  private List<TableMeta> neighboursWithin(int level, TableMeta table, List<TableMeta> overlapped) {
    List<TableMeta> tables = levels.level(level);
    int from = tables.indexOf(table);
    int to = from + 1;
    long bytes = table.bytes() + Levels.bytesOf(overlapped);
    while (from > 0 && canJoin(level, tables.get(from - 1), overlapped, bytes)) {
      from--;
      bytes += tables.get(from).bytes();
    }
    while (to < tables.size() && canJoin(level, tables.get(to), overlapped, bytes)) {
      bytes += tables.get(to).bytes();
      to++;
    }
    return tables.subList(from, to);
  }

  private boolean canJoin(int level, TableMeta neighbour, List<TableMeta> overlapped, long bytes) {
    List<TableMeta> below = levels.overlapping(level + 1, neighbour.range());
    return !below.isEmpty()
        && overlapped.containsAll(below)
        && !load.isBusy(neighbour)
        && bytes + neighbour.bytes() <= options.compactionBytesMax();
  }

  /// Tables with many dead entries: down one level, or rewritten where nothing is below. This ends,
  /// also where a snapshot has it that nothing can be dropped: there are so many levels, and
  /// whatever is rewritten in place has something to lose that nobody needs.
  private @Nullable Compaction pickGarbage() {
    for (int level = 1; level < Levels.LAST; level++) {
      for (TableMeta table : levels.level(level)) {
        boolean hasTombstones = hasManyTombstones(table);
        if ((hasTombstones || isWorthMergingDown(level, table))
            && levels.isOverlappedBelow(level, table.range())) {
          String reason = hasTombstones ? "tombstones " + percent(table) : "garbage";
          Compaction picked = mergeDown(level, table, reason);
          if (picked != null) {
            return picked;
          }
        }
      }
    }
    return pickRewrite(
        table -> table.entries() > 0 && GarbageRuns.isWorthRewriting(table, options, load),
        "garbage");
  }

  /// Whether a table has so many tombstones that it pays to merge it with what they hide. Those
  /// that came after a snapshot or a moment of the history leave all that these see.
  private boolean hasManyTombstones(TableMeta table) {
    return table.deletions() > 0
        && load.isSeenByAll(table.smallestSequence())
        && table.deletions() * 100 >= table.entries() * options.garbagePercent();
  }

  /// Whether a table above others has so many dead entries that no snapshot needs that it pays to
  /// merge it with those of the next level. All of them go, or go on as tombstones.
  private boolean isWorthMergingDown(int level, TableMeta table) {
    return table.entries() > 0
        && GarbageRuns.isWorthRewriting(table, options, load)
        && load.isSeenByAll(table.largestSequence())
        && Levels.bytesOf(levels.overlapping(level + 1, table.range()))
            <= table.bytes() * options.levelMultiplier() * GARBAGE_OVERLAP_MAX;
  }

  private static String percent(TableMeta table) {
    return table.deletions() * 100 / table.entries() + "%";
  }

  private interface Wanted {
    boolean test(TableMeta table);
  }

  /// A table with garbage that nothing protects: no snapshot, and nothing below that it must hide.
  private @Nullable Compaction pickRewrite(Wanted wanted, String reason) {
    if (load.hasOlderShared()) {
      return null; // what hides it would have to stay
    }
    for (int level = Levels.LAST; level > 0; level--) {
      for (TableMeta table : levels.level(level)) {
        if ((table.hasGarbage() || GarbageRuns.due(table, load.nowMillis()) > 0)
            && wanted.test(table)
            && load.isSeenByAll(table.largestSequence())
            && !load.isBusy(table)
            && !levels.isOverlappedBelow(level, table.range())) {
          return new Compaction(
              Compaction.Kind.MERGE, level, level, List.of(table), List.of(), reason);
        }
      }
    }
    return null;
  }

  /// What makes the store smaller, though nothing demands it.
  private @Nullable Compaction pickIdle() {
    if (isLevel0WorthMerging()) {
      Compaction picked = pickLevel0("idle");
      if (picked != null) {
        return picked;
      }
    }
    for (int level = 1; level < Levels.LAST; level++) {
      for (TableMeta table : levels.level(level)) {
        if (table.rangeDeletions() > 0 && levels.isOverlappedBelow(level, table.range())) {
          Compaction picked = mergeDown(level, table, "idle");
          if (picked != null) {
            return picked;
          }
        }
      }
    }
    return pickRewrite(table -> table.rangeDeletions() > 0, "idle");
  }

  /// What merging level 0 rewrites of the rest is bounded by what it adds or frees; beside that, a
  /// store that is written in bursts would rewrite itself after each of them.
  private boolean isLevel0WorthMerging() {
    List<TableMeta> level0 = levels.level(0);
    if (level0.stream().anyMatch(table -> table.rangeDeletions() > 0)) {
      return true;
    }
    long restBytes = 0;
    long restEntries = 0;
    for (int level = 1; level < Levels.COUNT; level++) {
      restBytes += levels.bytes(level);
      restEntries += entriesOf(levels.level(level));
    }
    if (restBytes == 0) {
      return level0.size() > 1
          || level0.stream().anyMatch(table -> GarbageRuns.isWorthRewriting(table, options, load));
    }
    long now = load.nowMillis();
    long freeing =
        level0.stream().mapToLong(table -> table.deletions() + GarbageRuns.due(table, now)).sum();
    return freeing * IDLE_REST_PER_TOMBSTONE_MAX > restEntries
        || (levels.bytes(0) * IDLE_REST_MAX > restBytes
            && entriesOf(level0) * IDLE_REST_MAX > restEntries);
  }

  private static long entriesOf(List<TableMeta> tables) {
    return tables.stream().mapToLong(TableMeta::entries).sum();
  }
}
