package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import io.atlaskv.engine.internal.sstable.PrefixFilter;
import io.atlaskv.engine.internal.sstable.SharedPrefix;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.ArrayList;
import java.util.BitSet;
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
  private final TreeTables shared;
  private final LevelReads reads;
  private final PrefixSkips skips;
  private final @Nullable OwnTrees own; // null: all namespaces are in the shared tree
  private final AtomicInteger references = new AtomicInteger(1);

  /// @param tables exactly the tables of `state`; each is retained
  /// @param reads counts the reads of each level
  /// @param skips asks prefix filters
  Version(StoreState state, Map<Long, LiveTable> tables, LevelReads reads, PrefixSkips skips) {
    this.state = state;
    this.reads = reads;
    this.skips = skips;
    this.tables = Collections.unmodifiableMap(new TreeMap<>(tables)); // one order in every run
    shared = new TreeTables(state.levels(), meta -> live(meta.number()));
    own = OwnTrees.of(state.trees(), meta -> live(meta.number()));
    this.tables.values().forEach(LiveTable::retain);
  }

  /// What the manifest says at this moment.
  public StoreState state() {
    return state;
  }

  /// Which table lies where in the shared tree.
  public Levels levels() {
    return state.levels();
  }

  /// Number of tables in all trees.
  int tables() {
    return tables.size();
  }

  /// Native memory that the tables take while they are open, cached blocks apart.
  public long nativeBytes() {
    long bytes = 0;
    for (LiveTable live : tables.values()) {
      bytes += live.table().nativeBytes();
    }
    return bytes;
  }

  /// The part of it that is prefix filters.
  public long prefixFilterBytes() {
    long bytes = 0;
    for (LiveTable live : tables.values()) {
      PrefixFilter filter = live.table().prefixFilter();
      bytes += filter == null ? 0 : filter.bytes();
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
    if (TableReader.isMeasured(hash)) {
      return getCounted(context, key, offset, length, hash, snapshot, out);
    }
    OwnTrees trees = own;
    int state =
        trees == null
            ? shared.get(context, key, offset, length, hash, snapshot, out)
            : get(trees, context, key, offset, length, hash, snapshot, out);
    if (state == Lookup.ABSENT) {
      out.absent();
    }
    return state;
  }

  private int get(
      OwnTrees trees,
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    int tree = trees.find(key, offset, length);
    if (tree != OwnTrees.NONE) {
      int state = trees.tables(tree).get(context, key, offset, length, hash, snapshot, out);
      if (state != Lookup.ABSENT || !trees.hasOlderShared(tree)) { // T2
        return state;
      }
    }
    return shared.get(context, key, offset, length, hash, snapshot, out);
  }

  /// As `get`, table by table, counting what each level did for it once the answer is there.
  private int getCounted(
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    var asked = new BitSet(Levels.COUNT);
    for (Place place : places(key, offset, length)) {
      Table table = place.table();
      asked.set(place.level());
      long covering = table.rangeTombstones().coveringSequence(key, offset, length, snapshot);
      table.get(context, key, offset, length, hash, snapshot, out);
      if (TreeTables.isDecided(out, covering)) {
        asked.stream().forEach(level -> reads.count(level, level == place.level()));
        return out.state();
      }
    }
    asked.stream().forEach(level -> reads.count(level, false));
    out.absent();
    return Lookup.ABSENT;
  }

  /// A table and where it is.
  public record Place(int level, Table table) {}

  /// The tables that `get` asks for a key, in that order, until one decides.
  public List<Place> places(byte[] key, int offset, int length) {
    var places = new ArrayList<Place>();
    OwnTrees trees = own;
    int tree = trees == null ? OwnTrees.NONE : trees.find(key, offset, length);
    if (trees != null && tree != OwnTrees.NONE) {
      trees.tables(tree).addPlaces(key, offset, length, places);
      if (!trees.hasOlderShared(tree)) {
        return places;
      }
    }
    shared.addPlaces(key, offset, length, places);
    return places;
  }

  /// Answers what it can of the open keys of a batch from memory, without reading, and closes all.
  /// Only if no table has range tombstones.
  ///
  /// @param snapshot at or after all that is in the tables
  public void getAll(TableBatch tableBatch, KeyBatch batch, long snapshot) {
    OwnTrees trees = own;
    if (trees != null) {
      int left = 0;
      for (int i = 0; i < batch.openCount(); i++) {
        int key = batch.open(i);
        if (trees.find(batch.bytes(), KeyBatch.start(key), batch.length(key)) == OwnTrees.NONE) {
          batch.stayOpen(left++, key);
        }
      }
      batch.openCount(left);
    }
    tableBatch.getAll(shared.newestFirst, shared.sorted, batch, snapshot);
  }

  /// True if a table has range tombstones.
  public boolean hasRangeTombstones() {
    boolean has = shared.hasRangeTombstones();
    OwnTrees trees = own;
    for (int i = 0; trees != null && i < trees.count(); i++) {
      has |= trees.tables(i).hasRangeTombstones();
    }
    return has;
  }

  /// Appends what a cursor over the keys of `[lower, upper)` merges, newest first.
  public void addSources(
      ReadContext context, byte[] lower, byte[] upper, List<VisibleIterator.Source> sources) {
    OwnTrees trees = own;
    boolean needsShared = true;
    if (trees != null) {
      for (int i = trees.firstFrom(lower);
          i < trees.count() && !trees.startsAtOrAfter(i, upper);
          i++) {
        trees.tables(i).addSources(context, lower, upper, skips, sources);
        needsShared &= trees.hasOlderShared(i) || !trees.holdsAll(i, lower, upper);
      }
    }
    if (needsShared) {
      shared.addSources(context, lower, upper, skips, sources);
    }
  }

  /// How much of the keys of `[start, end)` lies in tables, by their resident indexes.
  public RangeSize size(byte[] start, byte[] end) {
    var range = new KeyRange(Bytes.of(start), Bytes.of(end), true);
    int count = 0;
    long bytes = 0;
    double entries = 0;
    for (LiveTable live : tables.values()) {
      TableMeta meta = live.meta();
      if (meta.overlaps(range)) {
        boolean isCutAtStart = meta.smallest().compareTo(range.smallest()) < 0;
        boolean isCutAtEnd = !meta.endsBefore(range.largest());
        double share =
            isCutAtStart || isCutAtEnd
                ? live.table().reader().share(isCutAtStart ? start : null, isCutAtEnd ? end : null)
                : 1;
        count++;
        bytes += Math.round(meta.bytes() * share);
        entries += meta.entries() * share;
      }
    }
    return new RangeSize(count, bytes, Math.round(entries));
  }

  /// A key of `[start, end)` with an entry newer than `since` in any table, or where a deletion of
  /// a range newer than that begins; null if there is none. Tables without anything newer are not
  /// looked at. May throw `NeedsBlocks`.
  public byte @Nullable [] firstNewer(ReadContext context, byte[] start, byte[] end, long since) {
    Bytes first = Bytes.of(start);
    Bytes last = Bytes.of(end);
    SharedPrefix prefix = SharedPrefix.of(start, end);
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
      if (prefix != null && skips.isSkipped(live.table(), prefix)) {
        continue;
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

  /// Appends what a cursor over all tables of the shared tree merges, newest first.
  public void addSources(ReadContext context, List<VisibleIterator.Source> sources) {
    shared.addSources(context, sources);
  }

  /// A cursor over tables of this version that do not overlap, in key order, as one run.
  public InternalIterator run(ReadContext context, List<TableMeta> sortedTables) {
    return new LevelIterator(
        new LevelTables(sortedTables.stream().map(meta -> live(meta.number())).toList()), context);
  }

  /// The live tables that `newState` goes on using, by number.
  Map<Long, LiveTable> keptBy(StoreState newState) {
    var kept = new HashMap<Long, LiveTable>();
    for (PlacedTable placed : newState.tables()) {
      long number = placed.table().number();
      LiveTable table = tables.get(number);
      if (table != null) {
        kept.put(number, table);
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
