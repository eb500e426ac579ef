package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.EmptyIterator;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import io.atlaskv.engine.internal.sstable.SharedPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The open tables of one tree, laid out for reads.
final class TreeTables {
  final Table[] newestFirst; // level 0
  final LevelTables[] sorted; // levels 1 and deeper; those without tables are left out
  private final int[] sortedLevels;
  private final boolean hasPrefixFilters;

  TreeTables(Levels levels, Function<TableMeta, LiveTable> live) {
    newestFirst =
        levels.level(0).stream().map(meta -> live.apply(meta).table()).toArray(Table[]::new);
    var deeper = new ArrayList<LevelTables>();
    sortedLevels = new int[Levels.COUNT];
    for (int level = 1; level < Levels.COUNT; level++) {
      if (!levels.level(level).isEmpty()) {
        sortedLevels[deeper.size()] = level;
        deeper.add(new LevelTables(levels.level(level).stream().map(live).toList()));
      }
    }
    sorted = deeper.toArray(LevelTables[]::new);
    boolean hasFilters = false;
    for (Table table : newestFirst) {
      hasFilters |= table.prefixFilter() != null;
    }
    for (LevelTables level : sorted) {
      hasFilters |= level.hasPrefixFilters();
    }
    hasPrefixFilters = hasFilters;
  }

  /// Newest version of the key that `snapshot` sees, range tombstones included. May throw
  /// `NeedsBlocks`. If no table knows the key, `out` is left as it is and `Lookup.ABSENT` answered.
  int get(
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    for (Table table : newestFirst) {
      long covering = table.rangeTombstones().coveringSequence(key, offset, length, snapshot);
      table.get(context, key, offset, length, hash, snapshot, out);
      if (isDecided(out, covering)) {
        return out.state();
      }
    }
    for (LevelTables level : sorted) {
      int index = level.find(key, offset, length);
      if (index >= 0) {
        Table table = level.table(index);
        long covering = table.rangeTombstones().coveringSequence(key, offset, length, snapshot);
        table.get(context, key, offset, length, hash, snapshot, out);
        if (isDecided(out, covering)) {
          return out.state();
        }
      }
    }
    return Lookup.ABSENT;
  }

  /// Whether older tables need not be asked: they hold nothing newer for the key (V1, V3).
  static boolean isDecided(Lookup out, long covering) {
    if (covering != RangeTombstones.NONE
        && (out.state() == Lookup.ABSENT || covering > out.sequence())) {
      out.deleted(covering);
    }
    return out.state() != Lookup.ABSENT;
  }

  /// Appends the tables that `get` asks for a key, in that order.
  void addPlaces(byte[] key, int offset, int length, List<Version.Place> places) {
    for (Table table : newestFirst) {
      places.add(new Version.Place(0, table));
    }
    for (int i = 0; i < sorted.length; i++) {
      int index = sorted[i].find(key, offset, length);
      if (index >= 0) {
        places.add(new Version.Place(sortedLevels[i], sorted[i].table(index)));
      }
    }
  }

  /// Appends what a cursor over all tables merges, newest first.
  void addSources(ReadContext context, List<VisibleIterator.Source> sources) {
    for (Table table : newestFirst) {
      sources.add(new VisibleIterator.Source(table.iterator(context), table.rangeTombstones()));
    }
    for (LevelTables level : sorted) {
      sources.add(
          new VisibleIterator.Source(new LevelIterator(level, context), level.tombstones()));
    }
  }

  /// Appends what a cursor over the keys of `[lower, upper)` merges, newest first. Of tables that
  /// have none of them, as their prefix filters say, only the range tombstones.
  void addSources(
      ReadContext context,
      byte[] lower,
      byte[] upper,
      PrefixSkips skips,
      List<VisibleIterator.Source> sources) {
    SharedPrefix prefix = hasPrefixFilters ? SharedPrefix.of(lower, upper) : null;
    if (prefix == null) {
      addSources(context, sources);
      return;
    }
    for (Table table : newestFirst) {
      InternalIterator entries =
          skips.isSkipped(table, prefix) ? EmptyIterator.INSTANCE : table.iterator(context);
      add(entries, table.rangeTombstones(), sources);
    }
    for (LevelTables level : sorted) {
      InternalIterator entries =
          level.isSkipped(lower, upper, prefix, skips)
              ? EmptyIterator.INSTANCE
              : new LevelIterator(level, context);
      add(entries, level.tombstones(), sources);
    }
  }

  private static void add(
      InternalIterator entries, RangeTombstones tombstones, List<VisibleIterator.Source> sources) {
    if (entries != EmptyIterator.INSTANCE || !tombstones.isEmpty()) {
      sources.add(new VisibleIterator.Source(entries, tombstones));
    }
  }

  boolean hasRangeTombstones() {
    for (Table table : newestFirst) {
      if (!table.rangeTombstones().isEmpty()) {
        return true;
      }
    }
    for (LevelTables level : sorted) {
      if (!level.tombstones().isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
