package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.cache.BlockCache;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The point indexes of a store: takes their memory from the block cache, a part of it at most, and
/// brings each from the writer of its table to the reader. Tables of an earlier run get theirs by
/// `PointIndexing`.
///
/// Any number of threads. Memory is taken and freed where tables are written and closed, never on
/// an event loop.
public final class PointIndexes implements AutoCloseable {
  /// Makes none.
  public static final PointIndexes NONE = new PointIndexes(null);

  private final @Nullable BlockCache cache;
  private final AtomicLong bytes = new AtomicLong();
  private final ConcurrentHashMap<Long, PointIndex> fresh = new ConcurrentHashMap<>();

  private PointIndexes(@Nullable BlockCache cache) {
    this.cache = cache;
  }

  /// Takes memory from `cache`, which the caller closes after this.
  public static PointIndexes within(BlockCache cache) {
    return new PointIndexes(cache);
  }

  /// Memory in use.
  public long bytes() {
    return bytes.get();
  }

  /// True if an open table has no index and there is memory for one now.
  public boolean isWorthMaking(TableReader table) {
    BlockCache lender = cache;
    long entries = table.properties().entries(); // or more than it has keys
    return lender != null
        && !table.hasPointIndex()
        && entries > 0
        && entries <= Integer.MAX_VALUE
        && PointIndex.entryBits(table.index().blocks()) >= 0
        && lender.mayLend(PointIndex.bytesFor((int) entries));
  }

  /// Makes the index of a table that was just written, if there is memory for it, and keeps it
  /// until the table is opened.
  void make(long fileNumber, TableKeys keys) {
    PointIndex made = make(keys);
    if (made != null) {
      fresh.put(fileNumber, made);
    }
  }

  /// The index of a table with those keys, which belongs to the caller; null if there is no memory
  /// for it.
  @Nullable PointIndex make(TableKeys keys) {
    BlockCache lender = cache;
    if (lender == null || keys.count() == 0 || PointIndex.entryBits(keys.blocks()) < 0) {
      return null;
    }
    long wanted = PointIndex.bytesFor(keys.count());
    if (!lender.tryLend(wanted)) {
      return null;
    }
    PointIndex made = null;
    try {
      made = PointIndex.of(keys, wanted, this);
    } catch (OutOfMemoryError e) { // native: the table is as good without
      return null;
    } finally {
      if (made == null) {
        lender.takeBack(wanted);
      }
    }
    bytes.addAndGet(wanted);
    return made;
  }

  /// The index of a table that is being opened, which now belongs to the caller; null if it has
  /// none.
  @Nullable PointIndex take(long fileNumber) {
    return fresh.remove(fileNumber);
  }

  /// Takes back the index of a table that is given up.
  public void drop(long fileNumber) {
    PointIndex dropped = take(fileNumber);
    if (dropped != null) {
      dropped.close();
    }
  }

  void freed(long count) {
    bytes.addAndGet(-count);
    BlockCache lender = cache;
    if (lender != null) {
      lender.takeBack(count);
    }
  }

  /// Frees what no table has been opened with.
  @Override
  public void close() {
    fresh.keySet().forEach(this::drop);
  }
}
