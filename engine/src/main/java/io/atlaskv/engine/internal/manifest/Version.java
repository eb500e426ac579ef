package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The tables of the store at one moment, open: an immutable value under a count. Whoever reads
/// holds a reference; the tables of a version stay open and their files exist until the last one is
/// given back.
///
/// A reader takes the version first and its sequence second: compactions drop what no registered
/// snapshot sees, so a sequence older than the version might miss what was dropped between the two.
public final class Version {
  private final StoreState state;
  private final Map<Long, LiveTable> tables;
  private final Table[] newestFirst; // level 0
  private final LevelTables[] sorted; // levels 1 and deeper; those without tables are left out
  private final AtomicInteger references = new AtomicInteger(1);

  /// @param tables exactly the tables of `state`; each is retained
  Version(StoreState state, Map<Long, LiveTable> tables) {
    this.state = state;
    this.tables = Collections.unmodifiableMap(new TreeMap<>(tables)); // one order in every run
    Levels levels = state.levels();
    newestFirst =
        levels.level(0).stream().map(meta -> live(meta.number()).table()).toArray(Table[]::new);
    var deeper = new ArrayList<LevelTables>();
    for (int level = 1; level < Levels.COUNT; level++) {
      if (!levels.level(level).isEmpty()) {
        deeper.add(
            new LevelTables(
                levels.level(level).stream().map(meta -> live(meta.number())).toList()));
      }
    }
    sorted = deeper.toArray(LevelTables[]::new);
    this.tables.values().forEach(LiveTable::retain);
  }

  /// What the manifest says at this moment.
  public StoreState state() {
    return state;
  }

  /// Which table lies where.
  public Levels levels() {
    return state.levels();
  }

  /// Native memory that the tables take while they are open, cached blocks apart.
  public long nativeBytes() {
    long bytes = 0;
    for (LiveTable live : tables.values()) {
      bytes += live.table().nativeBytes();
    }
    return bytes;
  }

  /// True if a table of that number is in this version.
  public boolean has(long number) {
    return tables.containsKey(number);
  }

  /// The open table of that number, which is in this version.
  public Table table(long number) {
    return live(number).table();
  }

  private LiveTable live(long number) {
    LiveTable table = tables.get(number);
    if (table == null) {
      throw new IllegalArgumentException("table " + number + " is not in this version");
    }
    return table;
  }

  /// Adds a reference; the caller has one already.
  public void retain() {
    int before = references.getAndIncrement();
    assert before > 0 : "references=" + before;
  }

  /// Adds a reference unless the last one is gone.
  boolean tryRetain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  /// Gives a reference back. With the last one, tables that no other version names are closed, and
  /// deleted if they are obsolete.
  public void release() {
    int left = references.decrementAndGet();
    assert left >= 0 : "references=" + left;
    if (left == 0) {
      tables.values().forEach(LiveTable::release);
    }
  }

  /// Newest version of the key that `snapshot` sees in any table, range tombstones included. May
  /// throw `NeedsBlocks`.
  ///
  /// @param hash hash of the key, as filters want it
  /// @return the state of `out`
  public int get(
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
    out.absent();
    return Lookup.ABSENT;
  }

  /// A table and where it is.
  public record Place(int level, Table table) {}

  /// The tables that `get` asks for a key, in that order, until one decides.
  public List<Place> places(byte[] key, int offset, int length) {
    var places = new ArrayList<Place>();
    for (Table table : newestFirst) {
      places.add(new Place(0, table));
    }
    int next = 0;
    for (int level = 1; level < Levels.COUNT; level++) {
      if (!levels().level(level).isEmpty()) {
        LevelTables run = sorted[next++];
        int index = run.find(key, offset, length);
        if (index >= 0) {
          places.add(new Place(level, run.table(index)));
        }
      }
    }
    return places;
  }

  /// Answers what it can of the open keys of a batch from memory, without reading, and closes all.
  /// Only if no table has range tombstones.
  ///
  /// @param snapshot at or after all that is in the tables
  public void getAll(TableBatch tableBatch, KeyBatch batch, long snapshot) {
    tableBatch.getAll(newestFirst, sorted, batch, snapshot);
  }

  /// True if a table has range tombstones.
  public boolean hasRangeTombstones() {
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

  /// Whether older tables need not be asked: they hold nothing newer for the key (V1, V3).
  private static boolean isDecided(Lookup out, long covering) {
    if (covering != RangeTombstones.NONE
        && (out.state() == Lookup.ABSENT || covering > out.sequence())) {
      out.deleted(covering);
    }
    return out.state() != Lookup.ABSENT;
  }

  /// A key of `[start, end)` with an entry newer than `since` in any table, or where a deletion of
  /// a range newer than that begins; null if there is none. Tables without anything newer are not
  /// looked at. May throw `NeedsBlocks`.
  public byte @Nullable [] firstNewer(ReadContext context, byte[] start, byte[] end, long since) {
    Bytes first = Bytes.of(start);
    Bytes last = Bytes.of(end);
    for (LiveTable live : tables.values()) {
      TableMeta meta = live.meta();
      if (meta.largestSequence() <= since
          || meta.endsBefore(first)
          || meta.smallest().compareTo(last) >= 0) {
        continue;
      }
      byte[] deleted = live.table().rangeTombstones().firstNewer(start, end, since);
      if (deleted != null) {
        return deleted;
      }
      try (InternalIterator entries = live.table().iterator(context)) {
        byte[] newer = entries.firstNewer(start, end, since);
        if (newer != null) {
          return newer;
        }
      }
    }
    return null;
  }

  /// Appends what a cursor over all tables merges, newest first.
  public void addSources(ReadContext context, List<VisibleIterator.Source> sources) {
    for (Table table : newestFirst) {
      sources.add(new VisibleIterator.Source(table.iterator(context), table.rangeTombstones()));
    }
    for (LevelTables level : sorted) {
      sources.add(
          new VisibleIterator.Source(new LevelIterator(level, context), level.tombstones()));
    }
  }

  /// A cursor over tables of this version that do not overlap, in key order, as one run.
  public InternalIterator run(ReadContext context, List<TableMeta> sortedTables) {
    return new LevelIterator(
        new LevelTables(sortedTables.stream().map(meta -> live(meta.number())).toList()), context);
  }

  /// The live tables that `newState` goes on using, by number.
  Map<Long, LiveTable> keptBy(StoreState newState) {
    var kept = new HashMap<Long, LiveTable>();
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta meta : newState.levels().level(level)) {
        LiveTable table = tables.get(meta.number());
        if (table != null) {
          kept.put(meta.number(), table);
        }
      }
    }
    return kept;
  }

  /// Marks the tables that `next` no longer names, now that this is durable.
  void markObsoleteWithout(Version next) {
    for (Map.Entry<Long, LiveTable> entry : tables.entrySet()) {
      if (!next.tables.containsKey(entry.getKey())) {
        entry.getValue().markObsolete();
      }
    }
  }

  @Override
  public String toString() {
    return state.levels().toString();
  }
}
