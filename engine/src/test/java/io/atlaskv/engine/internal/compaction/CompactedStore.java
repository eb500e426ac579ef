package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.SsTable;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.memtable.MemtableOptions;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the engine is without log and threads: a memtable, tables, flushes and compactions run to
/// their end by the test. Reads see what is flushed.
final class CompactedStore implements AutoCloseable {
  private static final long MEMTABLE_BYTES = 1 << 20;

  private final CompactionOptions options;
  private final BlockCache cache = new BlockCache(1 << 20);
  private final PointIndexes pointIndexes = PointIndexes.within(cache);
  private final ChunkPool pool = new ChunkPool(1);
  private final ReentrantLock commitLock = new ReentrantLock();
  private final VersionSet versions;
  private final OutputOptions outputs;
  private final Set<Long> snapshots = new TreeSet<>();
  private Memtable memtable;
  private long lastSequence;
  private int cutMerges;

  CompactedStore(Ports ports, CompactionOptions options, TableOptions tables) {
    this.options = options;
    versions = VersionSet.open(ports, SsTable.opener(ports.files(), cache, pointIndexes));
    lastSequence = versions.state().lastSequence();
    outputs =
        new OutputOptions(
            ports.files(),
            ports.clock(),
            versions.storeUuid(),
            versions::newFileNumber,
            OutputOptions.compressedAtTheBottom(tables),
            pointIndexes);
    memtable = newMemtable();
  }

  private Memtable newMemtable() {
    return new Memtable(pool, new MemtableOptions(MEMTABLE_BYTES, 0, false, 1));
  }

  long put(Bytes key, Bytes value) {
    return write(ValueKind.PUT, key, value);
  }

  long delete(Bytes key) {
    return write(ValueKind.DELETE, key, Bytes.EMPTY);
  }

  private long write(byte kind, Bytes key, Bytes value) {
    long sequence = ++lastSequence;
    try (var arena = Arena.ofConfined()) {
      MemorySegment batch = arena.allocate(key.length() + value.length() + 1L);
      MemorySegment.copy(key.toArray(), 0, batch, ValueLayout.JAVA_BYTE, 0, key.length());
      MemorySegment.copy(
          value.toArray(), 0, batch, ValueLayout.JAVA_BYTE, key.length(), value.length());
      memtable.put(
          InternalKey.pack(sequence, kind),
          batch,
          0,
          key.length(),
          key.length(),
          value.length(),
          LiveSnapshots.all());
    }
    return sequence;
  }

  long deleteRange(Bytes start, Bytes end) {
    long sequence = ++lastSequence;
    memtable.deleteRange(sequence, start.toArray(), end.toArray(), LiveSnapshots.all());
    return sequence;
  }

  long lastSequence() {
    return lastSequence;
  }

  Set<Long> snapshots() {
    return snapshots;
  }

  Levels levels() {
    return versions.state().levels();
  }

  VersionSet versions() {
    return versions;
  }

  /// Writes the memtable to a table and begins a new one.
  void flush() {
    var job =
        new FlushJob(
            memtable,
            commitLock,
            Snapshots.of(snapshots),
            outputs,
            FreshBlocks.cached(cache),
            Map.of());
    while (job.step()) {}
    versions.apply(
        VersionEdit.builder()
            .merge(job.edit())
            .lastSequence(lastSequence)
            .flushedThrough(lastSequence)
            .build());
    memtable.release();
    memtable = newMemtable();
  }

  CompactionLoad load(boolean isIdle, boolean isReadOften) {
    Version version = versions.acquire();
    try {
      return new CompactionLoad(
          Set.of(),
          Snapshots.of(snapshots),
          isIdle,
          isReadOften,
          false,
          0,
          meta -> tombstones(version, meta));
    } finally {
      version.release(); // the current one: it stays until the next edit
    }
  }

  private static RangeTombstones tombstones(Version version, TableMeta meta) {
    return version.table(meta.number()).rangeTombstones();
  }

  /// Runs the compaction that is picked; null if there is none.
  @Nullable Compaction compactOnce(boolean isIdle, boolean isReadOften) {
    Compaction picked = CompactionPicker.pick(levels(), options, load(isIdle, isReadOften));
    if (picked != null) {
      run(picked);
    }
    return picked;
  }

  /// Compacts all there is.
  void compactFully() {
    for (Compaction picked = pickFull(); picked != null; picked = pickFull()) {
      run(picked);
    }
  }

  private @Nullable Compaction pickFull() {
    return CompactionPicker.pickFull(levels(), options, load(false, false));
  }

  CompactionJob job(Compaction compaction) {
    Version version = versions.acquire();
    try {
      return new CompactionJob(
          compaction,
          version,
          new MergeParts(
              Snapshots.of(snapshots), options, outputs, this::uncached, () -> ValueFilter.NONE));
    } finally {
      version.release();
    }
  }

  private ReadContext uncached() {
    var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
    context.fillsCache(false);
    return context;
  }

  void run(Compaction compaction) {
    CompactionJob job = job(compaction);
    cutMerges += job.parts().size() > 1 ? 1 : 0;
    while (job.step()) {}
    versions.apply(job.edit());
  }

  /// Compactions run so far in more parts than one.
  int cutMerges() {
    return cutMerges;
  }

  /// What a snapshot sees, by a cursor forward; checked against one backward and point reads.
  NavigableMap<Bytes, Bytes> contents(long snapshot, Iterable<Bytes> asked) {
    var forward = new TreeMap<Bytes, Bytes>();
    var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
    Version version = versions.acquire();
    try (context) {
      var sources = new ArrayList<VisibleIterator.Source>();
      version.addSources(context, sources);
      try (var cursor = new VisibleIterator(sources, snapshot, () -> 0, null, null)) {
        for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
          forward.put(key(cursor), value(cursor));
        }
        var backward = new TreeMap<Bytes, Bytes>();
        for (cursor.seekToLast(); cursor.isValid(); cursor.prev()) {
          backward.put(key(cursor), value(cursor));
        }
        require(forward.equals(backward), "forward " + forward + ", backward " + backward);
      }
      for (Bytes key : asked) {
        Bytes found = get(version, context, key, snapshot);
        Bytes expected = forward.get(key);
        require(
            found == null ? expected == null : found.equals(expected),
            "get " + key + ": " + found + ", cursor: " + expected);
      }
    } finally {
      version.release();
    }
    return forward;
  }

  private static @Nullable Bytes get(
      Version version, ReadContext context, Bytes key, long snapshot) {
    byte[] bytes = key.toArray();
    var out = new Lookup();
    long hash = TableReader.hash(bytes, 0, bytes.length);
    int state = version.get(context, bytes, 0, bytes.length, hash, snapshot, out);
    Bytes value = state == Lookup.FOUND ? bytes(out.segment(), out.offset(), out.length()) : null;
    out.release();
    return value;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  private static Bytes key(VisibleIterator cursor) {
    return Bytes.of(cursor.keyBuffer(), 0, cursor.keyLength());
  }

  private static Bytes value(VisibleIterator cursor) {
    return bytes(cursor.valueSegment(), cursor.valueOffset(), cursor.valueLength());
  }

  private static Bytes bytes(MemorySegment segment, long offset, int length) {
    return Bytes.of(segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public void close() {
    memtable.release();
    versions.close();
    pool.close();
    pointIndexes.close();
    cache.close();
  }
}
