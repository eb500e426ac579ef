package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// All keys that are watched, by their metadata rows. Whoever has committed a batch tells it, and
/// it tells the clients; nothing but `isEmpty` is asked as long as nobody watches.
///
/// Invariants:
/// - W1: `add` and `committed` are called under the latches of the keys, `committed` after the
///   commit and before the latches are given back. So a client that holds the latches of its keys
///   has been told of every commit that came before, and none can come between that and its own
///   commit, whichever loops they run on: a latch that is given back and taken orders them.
/// - W2: a key that was absent, or had expired, is not changed by being deleted: such deletions
///   only remove what nobody could see any more.
/// - W3: where a watched row is changes only under all latches, with the namespace of its database.
/// - W4: `heldBytes` is what the watches of all clients take of the heap, about; it passes
///   `heldBytesMax` by no more than one command of each loop.
public final class WatchedKeys {
  private static final int BUCKETS = 4096; // a power of two
  private static final Watch[] NONE = {};

  private final long seed = ThreadLocalRandom.current().nextLong(); // clients choose the keys
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicReferenceArray<Watch @Nullable []> buckets =
      new AtomicReferenceArray<>(BUCKETS); // the arrays in it are never changed
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong heldBytes = new AtomicLong();
  private final long heldBytesMax = Runtime.getRuntime().maxMemory() / 4;

  /// True if nobody watches anything.
  public boolean isEmpty() {
    return count.get() == 0;
  }

  /// True if clients may watch further keys that take `bytes` together (`WatchList.bytes`).
  public boolean hasRoomFor(long bytes) {
    return heldBytes.get() + bytes <= heldBytesMax;
  }

  /// Heap that the watches of all clients take, about.
  public long heldBytes() {
    return heldBytes.get();
  }

  /// A client watches the keys that it has staged (W1); one that it watches already stays as it is.
  public void add(WatchList owner) {
    long bytesBefore = owner.bytes();
    lock.lock();
    try {
      for (Watch watch : owner.staged()) {
        watch.hash = Hash64.hash(seed, watch.row, 0, watch.row.length);
        if (!isWatched(watch)) {
          insert(watch);
          owner.add(watch);
          count.incrementAndGet();
        }
      }
    } finally {
      lock.unlock();
      heldBytes.addAndGet(owner.bytes() - bytesBefore);
      owner.dropStaged();
    }
  }

  private boolean isWatched(Watch watch) {
    for (Watch other : bucket(watch.hash)) {
      if (other.isRow(watch.owner, watch.row)) {
        return true;
      }
    }
    return false;
  }

  /// A client watches nothing any more.
  public void remove(WatchList owner) {
    lock.lock();
    try {
      owner.watches().forEach(this::erase);
      count.addAndGet(-owner.count());
      heldBytes.addAndGet(-owner.bytes());
    } finally {
      lock.unlock();
    }
  }

  private Watch[] bucket(long hash) {
    Watch[] found = buckets.get((int) hash & BUCKETS - 1);
    return found == null ? NONE : found;
  }

  private void insert(Watch watch) {
    Watch[] old = bucket(watch.hash);
    Watch[] changed = new Watch[old.length + 1];
    System.arraycopy(old, 0, changed, 0, old.length);
    changed[old.length] = watch;
    buckets.set((int) watch.hash & BUCKETS - 1, changed);
  }

  private void erase(Watch watch) {
    Watch[] old = bucket(watch.hash);
    Watch[] changed = old.length == 1 ? null : new Watch[old.length - 1];
    int kept = 0;
    for (Watch other : old) {
      if (changed != null && other != watch) {
        changed[kept++] = other;
      }
    }
    buckets.set((int) watch.hash & BUCKETS - 1, changed);
  }

  /// Tells the clients whose keys `batch` has changed (W1).
  public void committed(Batch batch) {
    var reader = new BatchReader();
    batch.read(reader);
    while (reader.next()) {
      switch (reader.kind()) {
        case ValueKind.PUT -> touch(reader.segment(), reader.keyOffset(), reader.keyLength(), true);
        case ValueKind.DELETE ->
            touch(reader.segment(), reader.keyOffset(), reader.keyLength(), false);
        case ValueKind.RANGE_DELETE -> touchRange(reader);
        default -> {}
      }
    }
  }

  private void touch(MemorySegment memory, long offset, int length, boolean isPut) {
    if (length < RowKey.METADATA_PREFIX_BYTES
        || memory.get(Layouts.BYTE, offset + RowKey.TYPE_OFFSET) != RowKey.METADATA) {
      return;
    }
    long hash = Hash64.hash(seed, memory, offset, length);
    for (Watch watch : bucket(hash)) {
      if (watch.hash == hash
          && (isPut || watch.isPresent) // W2
          && watch.row.length == length
          && KeyBytes.equal(watch.row, 0, memory, offset, length)) {
        watch.owner.touch();
      }
    }
  }

  private void touchRange(BatchReader range) {
    MemorySegment memory = range.segment();
    if (isBesideMetadata(range)) {
      return;
    }
    for (Watch watch : all()) {
      byte[] row = watch.row;
      boolean isWithin =
          KeyBytes.compare(row, 0, row.length, memory, range.keyOffset(), range.keyLength()) >= 0
              && KeyBytes.compare(
                      row, 0, row.length, memory, range.valueOffset(), range.valueLength())
                  < 0;
      if (isWithin && watch.isPresent) { // W2
        watch.owner.touch();
      }
    }
  }

  /// True if a range lies within the rows of one type that is not metadata.
  private static boolean isBesideMetadata(BatchReader range) {
    int prefix = RowKey.METADATA_PREFIX_BYTES;
    MemorySegment memory = range.segment();
    return range.keyLength() >= prefix
        && range.valueLength() >= prefix
        && memory.get(Layouts.BYTE, range.keyOffset() + RowKey.TYPE_OFFSET) != RowKey.METADATA
        && KeyBytes.equal(memory, range.keyOffset(), memory, range.valueOffset(), prefix);
  }

  private List<Watch> all() {
    var all = new ArrayList<Watch>();
    for (int i = 0; i < BUCKETS; i++) {
      Watch[] bucket = buckets.get(i);
      if (bucket != null) {
        all.addAll(List.of(bucket));
      }
    }
    return all;
  }

  /// The clients that an exchange of two databases touches: those that watch a key which one of the
  /// two has. Null = blocks are needed. The caller holds all latches.
  public @Nullable List<WatchList> touchedBySwap(
      Keyspace keys, DatabaseView databases, int one, int other) {
    var touched = new ArrayList<WatchList>();
    if (isEmpty() || one == other) {
      return touched;
    }
    boolean isMissing = false;
    int namespace = keys.namespace();
    for (Watch watch : all()) {
      if (watch.database == one || watch.database == other) {
        int here = find(keys, watch.row, databases.namespace(one));
        int there = find(keys, watch.row, databases.namespace(other));
        isMissing |= here == Reader.NEEDS_BLOCKS || there == Reader.NEEDS_BLOCKS;
        if (here == Reader.FOUND || there == Reader.FOUND) {
          touched.add(watch.owner);
        }
      }
    }
    keys.select(namespace);
    return isMissing ? null : touched;
  }

  private static int find(Keyspace keys, byte[] row, int namespace) {
    keys.select(namespace);
    return keys.findRow(RowKey.inNamespace(row, namespace), row.length);
  }

  /// Databases have moved: their watched rows go along (W3).
  public void moved(DatabaseView databases) {
    lock.lock();
    try {
      for (Watch watch : all()) {
        int namespace = databases.namespace(watch.database);
        if (RowKey.namespaceOf(watch.row) != namespace) {
          erase(watch);
          watch.row = RowKey.inNamespace(watch.row, namespace);
          watch.hash = Hash64.hash(seed, watch.row, 0, watch.row.length);
          insert(watch);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
