package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which table lies in which level: an immutable value, all that compaction pickers look at.
///
/// Invariants:
/// - V1: level 0 is sorted newest first, its tables may overlap, and for any key an entry in an
///   earlier table is newer than one in a later table.
/// - V2: every other level is sorted by key, and no two of its tables overlap: all versions of a
///   user key are in one table.
/// - V3: for any key, an entry or range tombstone of a level is newer than those of deeper levels.
/// - V4: no table is in two levels.
public final class Levels {
  /// Number of levels.
  public static final int COUNT = 7;

  /// The deepest level.
  public static final int LAST = COUNT - 1;

  /// No tables at all.
  public static final Levels EMPTY = new Levels(emptyLevels(), Map.of());

  // Plain lambdas, here and in all that an open runs: those that `Comparator.comparing` makes
  // cannot
  // be in an AOT cache, and to spin them takes longer than the rest of the open.
  private static final Comparator<TableMeta> NEWEST_FIRST =
      (one, other) -> {
        int order = Long.compare(other.largestSequence(), one.largestSequence());
        if (order == 0) { // of one bulk load: one of them may have been merged with older tables
          order = Long.compare(other.smallestSequence(), one.smallestSequence());
        }
        return order != 0 ? order : Long.compare(other.number(), one.number());
      };

  private static final Comparator<TableMeta> BY_KEY =
      (one, other) -> one.smallest().compareTo(other.smallest());

  private final List<List<TableMeta>> levels;
  private final Map<Integer, Bytes> cursors;

  private Levels(List<List<TableMeta>> levels, Map<Integer, Bytes> cursors) {
    this.levels = List.copyOf(levels);
    this.cursors = Map.copyOf(cursors);
  }

  private static List<List<TableMeta>> emptyLevels() {
    var levels = new ArrayList<List<TableMeta>>();
    for (int level = 0; level < COUNT; level++) {
      levels.add(List.of());
    }
    return levels;
  }

  /// Tables of a level, level 0 newest first, others by key.
  public List<TableMeta> level(int level) {
    return levels.get(level);
  }

  /// Where the last compaction of a level ended; empty at first.
  public Bytes cursor(int level) {
    return cursors.getOrDefault(level, Bytes.EMPTY);
  }

  /// All cursors that were ever moved.
  public Map<Integer, Bytes> cursors() {
    return cursors;
  }

  /// Bytes of all tables of a level.
  public long bytes(int level) {
    return bytesOf(levels.get(level));
  }

  /// Bytes of all tables of `tables`.
  public static long bytesOf(List<TableMeta> tables) {
    long bytes = 0;
    for (TableMeta table : tables) {
      bytes += table.bytes();
    }
    return bytes;
  }

  /// Number of all tables.
  public int tables() {
    int tables = 0;
    for (List<TableMeta> level : levels) {
      tables += level.size();
    }
    return tables;
  }

  /// The deepest level with tables, or 0.
  public int deepest() {
    for (int level = LAST; level > 0; level--) {
      if (!levels.get(level).isEmpty()) {
        return level;
      }
    }
    return 0;
  }

  /// Tables of a level that may hold keys of `range`, in the level's order.
  public List<TableMeta> overlapping(int level, KeyRange range) {
    List<TableMeta> tables = levels.get(level);
    if (level == 0) {
      return tables.stream().filter(table -> table.overlaps(range)).toList();
    }
    int from = firstEndingAtOrAfter(tables, range.smallest());
    int to = from;
    while (to < tables.size() && tables.get(to).overlaps(range)) {
      to++;
    }
    return tables.subList(from, to);
  }

  /// True if a level deeper than `level` may hold keys of `range`.
  public boolean isOverlappedBelow(int level, KeyRange range) {
    for (int below = level + 1; below < COUNT; below++) {
      if (!overlapping(below, range).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// Index of the first table that does not end before `key`; the number of tables if all do.
  public static int firstEndingAtOrAfter(List<TableMeta> sorted, Bytes key) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).endsBefore(key)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The state of the shared tree after `edit`.
  ///
  /// @throws IllegalArgumentException if the edit does not fit or would break V2 or V4
  public Levels apply(VersionEdit edit) {
    return apply(Tree.SHARED, edit);
  }

  /// The state after what `edit` changes in `tree`, whose levels these are.
  ///
  /// @throws IllegalArgumentException if the edit does not fit or would break V2 or V4
  Levels apply(int tree, VersionEdit edit) {
    if (!edit.concerns(tree)) {
      return this;
    }
    var changed = new ArrayList<List<TableMeta>>(levels);
    for (int level = 0; level < COUNT; level++) {
      changed.set(level, changedLevel(tree, level, edit));
    }
    requireNoTableTwice(changed);
    var changedCursors = new HashMap<>(cursors);
    edit.cursors()
        .forEach((place, key) -> {
          if (place.tree() == tree) {
            changedCursors.put(place.level(), key);
          }
        });
    return new Levels(changed, changedCursors);
  }

  private List<TableMeta> changedLevel(int tree, int level, VersionEdit edit) {
    Set<Long> removed = new HashSet<>();
    for (VersionEdit.Removed removal : edit.removed()) {
      requireLevel(removal.level());
      if (removal.tree() == tree && removal.level() == level && !removed.add(removal.number())) {
        throw new IllegalArgumentException("table " + removal.number() + " removed twice");
      }
    }
    var tables = new ArrayList<TableMeta>();
    for (TableMeta table : levels.get(level)) {
      if (!removed.remove(table.number())) {
        tables.add(table);
      }
    }
    if (!removed.isEmpty()) {
      throw new IllegalArgumentException("removed tables " + removed + " not in level " + level);
    }
    for (VersionEdit.Added addition : edit.added()) {
      requireLevel(addition.level());
      if (addition.tree() == tree && addition.level() == level) {
        tables.add(addition.table());
      }
    }
    tables.sort(level == 0 ? NEWEST_FIRST : BY_KEY);
    if (level > 0) {
      requireDisjoint(level, tables);
    }
    return List.copyOf(tables);
  }

  private static void requireLevel(int level) {
    if (level < 0 || level >= COUNT) {
      throw new IllegalArgumentException("level=" + level);
    }
  }

  private static void requireDisjoint(int level, List<TableMeta> tables) {
    for (int i = 1; i < tables.size(); i++) {
      if (!tables.get(i - 1).endsBefore(tables.get(i).smallest())) {
        throw new IllegalArgumentException(
            "tables "
                + tables.get(i - 1).number()
                + " and "
                + tables.get(i).number()
                + " of level "
                + level
                + " overlap");
      }
    }
  }

  private static void requireNoTableTwice(List<List<TableMeta>> levels) {
    Set<Long> numbers = new HashSet<>();
    for (List<TableMeta> level : levels) {
      for (TableMeta table : level) {
        if (!numbers.add(table.number())) {
          throw new IllegalArgumentException("table " + table.number() + " added twice");
        }
      }
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (int level = 0; level < COUNT; level++) {
      if (!levels.get(level).isEmpty()) {
        text.append(text.isEmpty() ? "L" : " L").append(level).append('=');
        text.append(levels.get(level).stream().map(TableMeta::number).toList());
      }
    }
    return text.toString();
  }
}
