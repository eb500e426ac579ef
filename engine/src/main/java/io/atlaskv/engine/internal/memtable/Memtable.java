package io.atlaskv.engine.internal.memtable;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// The newest writes: all versions of a key that a live snapshot sees, found by hash, and in order
/// once somebody asked for it.
///
/// ```
/// HashIndex: slot ──▶ key node ──▶ newest version ──▶ older ──▶ ...      EntryLog
///                        ▲
/// PackedTree: leaf ──────┘    only on demand, see OrderTask
/// ```
///
/// One writer at a time, under the commit lock; any number of readers, which take no lock and never
/// wait. Whoever reads must hold a reference (`retain`), or be sure that somebody does.
///
/// Invariants:
/// - M1: a record never changes after it was published, but for references: a key node's to its
///   newest version, and a version's to the next older one, which may skip some. A version that was
///   skipped still leads to the rest of the chain.
/// - M2: a version that a live snapshot sees is never skipped. The published sequence counts as
///   one: so a reader is sent away (`RETRY`) only if the writer has published since, twice.
/// - M3: memory goes back to the pool with the last reference and not before.
public final class Memtable {
  /// Answer of `getLatest`: take the sequence that is now published and try again.
  public static final int RETRY = 3;

  /// Older versions that one write looks at, to take out those that nobody needs.
  private static final int DRAWS_MAX = 4096; // an almost empty table is mostly free slots

  private static final int EXAMINED_MAX = 16;
  private static final int STRETCH_FRACTION = 4;
  private static final long STRETCH_BYTES_MIN = 4 << 20;

  /// Fragments of range deletions at which a memtable is full: a flush and the readers of its
  /// tables sort and keep them all.
  static final int RANGE_FRAGMENTS_MAX = 10_000;

  /// Entries that one write inserts into an ordered index that is being handed over.
  private static final int PENDING_PER_WRITE = 4;

  private final ChunkPool pool;
  private final MemtableOptions options;
  private final EntryLog log;
  private final HashIndex index;
  private final BatchProbe batches;
  private final AtomicInteger references = new AtomicInteger(1);
  private final AtomicBoolean isOrderTaken = new AtomicBoolean();
  private volatile boolean isOrderRequested;
  private volatile RangeTombstones rangeTombstones = RangeTombstones.EMPTY;
  private volatile @Nullable PackedTree tree;
  private volatile @Nullable StorageException orderProblem;

  // The rest belongs to the writer.
  private @Nullable OrderBuild build;
  private final AtomicInteger entries = new AtomicInteger(); // released, so that others may look
  private long versions;
  private long smallestSequence = Long.MAX_VALUE;
  private long largestSequence;

  /// An empty memtable with one reference, the owner's. Takes milliseconds: the hash table is
  /// cleared.
  public Memtable(ChunkPool pool, MemtableOptions options) {
    this.pool = pool;
    this.options = options;
    log = new EntryLog(pool);
    index = new HashIndex(log, pool, options.slots());
    batches = new BatchProbe(index, log, options.hashSeed());
    if (options.isOrdered()) {
      isOrderTaken.set(true);
      tree = new PackedTree(log, pool);
    }
  }

  /// Adds a version of a key; for the writer. Its sequence must be larger than those of the key's
  /// other versions.
  public void put(
      long trailer,
      MemorySegment batch,
      long keyOffset,
      int keyLength,
      long valueOffset,
      int valueLength,
      LiveSnapshots snapshots) {
    if (valueLength > EntryDescriptor.VALUE_BYTES_MAX) {
      throw new IllegalArgumentException("valueLength=" + valueLength);
    }
    long hash = KeyHash.of(options.hashSeed(), batch, keyOffset, keyLength);
    long slot = index.slotOf(hash, batch, keyOffset, keyLength);
    int node = index.nodeAt(slot);
    if (node == 0) {
      node = appendNode(trailer, batch, keyOffset, keyLength, valueOffset, valueLength);
      index.insert(slot, hash, node);
      entries.setRelease(entries.getPlain() + 1);
      order(node);
    } else {
      appendVersion(node, trailer, batch, valueOffset, valueLength, snapshots);
    }
    note(InternalKey.sequence(trailer));
  }

  /// Adds a deletion of all keys in `[start, end)`; for the writer. The arrays must not change
  /// afterwards.
  public void deleteRange(long sequence, byte[] start, byte[] end, LiveSnapshots snapshots) {
    rangeTombstones = rangeTombstones.with(start, end, sequence, snapshots);
    note(sequence);
  }

  /// The version of a key that a registered snapshot sees: `Lookup.FOUND`, `EXPIRING`, `DELETED` or
  /// `ABSENT`. Range deletions are not looked at.
  public int get(byte[] key, int offset, int length, long snapshot, Lookup out) {
    return find(key, offset, length, snapshot, true, out);
  }

  /// As `get`, for a reader that took `snapshot` from what is published and did not register it:
  /// may be `RETRY` if the key was written twice since.
  public int getLatest(byte[] key, int offset, int length, long snapshot, Lookup out) {
    return find(key, offset, length, snapshot, false, out);
  }

  /// Touches what `getLatest` will read for the open keys of a batch, and closes those that seem to
  /// be here, unanswered: this memtable may still change. What was published before is not missed;
  /// what seems to be here may not be.
  public void touch(KeyBatch batch) {
    batches.touch(batch);
    int open = batch.openCount();
    int left = 0;
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      if (batch.word(key) == 0) {
        batch.stayOpen(left++, key);
      }
    }
    batch.openCount(left);
  }

  /// Answers the open keys of a batch that are here; for a memtable that takes no more writes.
  ///
  /// @param snapshot at or after all that was written here
  public void getAll(KeyBatch batch, long snapshot) {
    batches.touch(batch);
    int open = batch.openCount();
    int left = 0;
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      if (batch.word(key) != 0) {
        int start = KeyBatch.start(key);
        Lookup answer = batch.answer(key);
        int state = getLatest(batch.bytes(), start, batch.length(key), snapshot, answer);
        if (Lookup.isAnswer(state)) {
          batch.answered(key);
          continue;
        }
      }
      batch.stayOpen(left++, key);
    }
    batch.openCount(left);
  }

  /// All range deletions.
  public RangeTombstones rangeTombstones() {
    return rangeTombstones;
  }

  /// Notes that somebody wants to read in order; true if that is possible now. If not, `orderTask`
  /// must run.
  @CanIgnoreReturnValue
  public boolean requestOrder() {
    if (!isOrderRequested) {
      isOrderRequested = true;
    }
    return isOrdered();
  }

  /// True if somebody wanted to read in order: the next memtable should be ordered from the start.
  public boolean isOrderRequested() {
    return isOrderRequested;
  }

  /// True if `iterator` may be called.
  public boolean isOrdered() {
    return tree != null;
  }

  /// The work that makes this memtable ordered; null if it is done or somebody else has it. Once
  /// taken it must be run to its end: until then it holds a reference.
  public @Nullable Task orderTask(Lock commitLock) {
    return isOrderTaken.compareAndSet(false, true) ? new OrderTask(this, commitLock) : null;
  }

  /// Why this will never be ordered; null if nothing is in the way.
  public @Nullable StorageException orderProblem() {
    return orderProblem;
  }

  /// A cursor over all versions, for a registered snapshot: what was written before it was made is
  /// there, what comes later may be. Holds a reference until it is closed.
  public InternalIterator iterator() {
    PackedTree ordered = tree;
    if (ordered == null) {
      throw new IllegalStateException("memtable is not ordered");
    }
    return new MemtableIterator(this, log, ordered);
  }

  /// Draws a key at random, each with the same chance; false if that has hit nothing.
  public boolean draw(long random, DrawnKey out) {
    long place = random;
    for (int tries = 0; tries < DRAWS_MAX; tries++) {
      place = DrawnKey.mix(place);
      int node = index.nodeAt(Long.remainderUnsigned(place, index.slots()));
      if (node != 0) {
        int version = EntryDescriptor.newest(log.memory(node), EntryLog.offset(node));
        long trailer = EntryDescriptor.trailer(log.memory(version), EntryLog.offset(version));
        byte[] key = new byte[log.keyLength(node)];
        log.copyKey(node, key.length, key);
        out.set(key, InternalKey.sequence(trailer));
        return true;
      }
    }
    return false;
  }

  /// True if no more batches should come here.
  public boolean isFull() {
    return usedBytes() >= options.budgetBytes()
        || rangeTombstones.fragments() >= RANGE_FRAGMENTS_MAX
        || !canTake(1, 0);
  }

  /// True if such a batch may come here although this is full, because the next memtable is not
  /// ready yet: writers then need not wait for it. Bounded, as memory is.
  public boolean canStretch(long operations, long bytes) {
    long budget = options.budgetBytes();
    return usedBytes() + bytes < budget + Math.max(budget / STRETCH_FRACTION, STRETCH_BYTES_MIN)
        && rangeTombstones.fragments() < RANGE_FRAGMENTS_MAX
        && canTake(operations, bytes);
  }

  /// True if a batch of so many operations and bytes is sure to find room.
  public boolean canTake(long operations, long bytes) {
    return index.canTake(operations)
        && log.canTake(bytes + operations * (EntryDescriptor.NODE_BYTES + 30));
  }

  /// Native memory held.
  public long bytes() {
    PackedTree ordered = tree;
    return log.heldBytes() + index.bytes() + (ordered == null ? 0 : ordered.heldBytes());
  }

  /// The part of `bytes` that the ordered index uses; 0 if there is none.
  long treeBytes() {
    PackedTree ordered = tree;
    return ordered == null ? 0 : ordered.usedBytes();
  }

  /// Number of keys.
  public int entries() {
    return entries.getAcquire();
  }

  /// Number of versions and range deletions written, those that were superseded included.
  public long versions() {
    return versions;
  }

  /// True if nothing was written.
  public boolean isEmpty() {
    return versions == 0;
  }

  /// Smallest sequence written; `Long.MAX_VALUE` if none.
  public long smallestSequence() {
    return smallestSequence;
  }

  /// Largest sequence written; 0 if none.
  public long largestSequence() {
    return largestSequence;
  }

  /// Takes a reference; the caller must be sure that there is one.
  public void retain() {
    int before = references.getAndIncrement();
    if (before <= 0) {
      references.decrementAndGet();
      throw new IllegalStateException("memtable was released");
    }
  }

  /// Drops a reference; with the last one the memory goes back to the pool (M3).
  public void release() {
    int left = references.decrementAndGet();
    if (left > 0) {
      return;
    }
    if (left < 0) {
      throw new IllegalStateException("memtable was released too often: references=" + left);
    }
    OrderBuild unfinished = build;
    if (unfinished != null) {
      unfinished.release();
    }
    PackedTree ordered = tree;
    if (ordered != null) {
      ordered.release();
    }
    index.release();
    log.release();
  }

  /// True if nobody but the order task has a reference.
  boolean isAbandoned() {
    return references.get() == 1;
  }

  EntryLog log() {
    return log;
  }

  HashIndex index() {
    return index;
  }

  /// Under the commit lock.
  OrderBuild startOrder() {
    var started = new OrderBuild(log, pool);
    build = started;
    return started;
  }

  /// Under the commit lock: inserts a few of those that wait; true when the index is complete.
  boolean advanceOrder(int max) {
    OrderBuild started = build;
    if (started == null) {
      return true; // the writer has completed it
    }
    started.handOver();
    started.insertPending(max);
    if (started.backlog() > 0) {
      return false;
    }
    tree = started.tree;
    build = null;
    started.complete();
    return true;
  }

  /// Under the commit lock: gives the index up. Half of one must never be read.
  void failOrder(Throwable cause) {
    OrderBuild unfinished = build;
    build = null;
    orderProblem = new StorageException("a memtable could not be put in order: " + cause, cause);
    if (unfinished != null) {
      unfinished.release();
    }
  }

  ReferenceSorter sorter(long count) {
    return new ReferenceSorter(log, pool, count, options.hashSeed());
  }

  private int find(
      byte[] key, int offset, int length, long snapshot, boolean isRegistered, Lookup out) {
    long hash = KeyHash.of(options.hashSeed(), key, offset, length);
    int node = index.find(hash, key, offset, length);
    if (node == 0) {
      out.absent();
      return Lookup.ABSENT;
    }
    boolean isInGap = false;
    for (int version = EntryDescriptor.newest(log.memory(node), EntryLog.offset(node));
        version != 0; ) {
      MemorySegment memory = log.memory(version);
      long at = EntryLog.offset(version);
      long trailer = EntryDescriptor.trailer(memory, at);
      long sequence = InternalKey.sequence(trailer);
      if (sequence <= snapshot) {
        if (isInGap && !isRegistered) {
          return RETRY;
        }
        byte kind = InternalKey.kind(trailer);
        if (kind == ValueKind.DELETE) {
          out.deleted(sequence);
          return Lookup.DELETED;
        }
        int valueLength = EntryDescriptor.valueLength(EntryDescriptor.link(memory, at));
        out.found(sequence, memory, at + EntryDescriptor.VERSION_BYTES, valueLength);
        if (kind == ValueKind.PUT) {
          return Lookup.FOUND;
        }
        boolean isWhole = out.expires();
        assert isWhole : "checked when it was put";
        return Lookup.EXPIRING;
      }
      long link = EntryDescriptor.link(memory, at);
      isInGap = EntryDescriptor.hasGap(link);
      version = EntryDescriptor.older(link);
    }
    if (isInGap && !isRegistered) {
      return RETRY;
    }
    out.absent();
    return Lookup.ABSENT;
  }

  private int appendNode(
      long trailer,
      MemorySegment batch,
      long keyOffset,
      int keyLength,
      long valueOffset,
      int valueLength) {
    long nodeBytes = EntryDescriptor.nodeBytes(keyLength);
    int node = log.allocate(nodeBytes + EntryDescriptor.versionBytes(valueLength));
    MemorySegment memory = log.memory(node);
    long at = EntryLog.offset(node);
    EntryDescriptor.initializeNode(memory, at, EntryLog.after(node, nodeBytes), keyLength);
    MemorySegment.copy(batch, keyOffset, memory, at + EntryDescriptor.NODE_BYTES, keyLength);
    at += nodeBytes;
    EntryDescriptor.initializeVersion(memory, at, 0, trailer, valueLength);
    MemorySegment.copy(batch, valueOffset, memory, at + EntryDescriptor.VERSION_BYTES, valueLength);
    return node;
  }

  private void appendVersion(
      int node,
      long trailer,
      MemorySegment batch,
      long valueOffset,
      int valueLength,
      LiveSnapshots snapshots) {
    MemorySegment nodeMemory = log.memory(node);
    long nodeAt = EntryLog.offset(node);
    int older = EntryDescriptor.newest(nodeMemory, nodeAt);
    int version = log.allocate(EntryDescriptor.versionBytes(valueLength));
    MemorySegment memory = log.memory(version);
    long at = EntryLog.offset(version);
    EntryDescriptor.initializeVersion(memory, at, older, trailer, valueLength);
    MemorySegment.copy(batch, valueOffset, memory, at + EntryDescriptor.VERSION_BYTES, valueLength);
    skipUnneeded(memory, at, snapshots);
    EntryDescriptor.publishNewest(nodeMemory, nodeAt, version);
  }

  /// Takes versions that no live snapshot sees out of the chain that begins with the given one.
  private void skipUnneeded(MemorySegment newest, long newestAt, LiveSnapshots snapshots) {
    MemorySegment kept = newest;
    long keptAt = newestAt;
    long keptSequence = InternalKey.sequence(EntryDescriptor.trailer(kept, keptAt));
    int version = EntryDescriptor.older(kept, keptAt);
    for (int examined = 0; version != 0 && examined < EXAMINED_MAX; examined++) {
      MemorySegment memory = log.memory(version);
      long at = EntryLog.offset(version);
      long sequence = InternalKey.sequence(EntryDescriptor.trailer(memory, at));
      assert sequence <= keptSequence : "sequence=" + keptSequence + " older=" + sequence;
      long link = EntryDescriptor.link(memory, at);
      version = EntryDescriptor.older(link);
      if (snapshots.anyIn(sequence, keptSequence)) {
        kept = memory;
        keptAt = at;
        keptSequence = sequence;
      } else {
        boolean leavesGap = sequence <= snapshots.published() || EntryDescriptor.hasGap(link);
        EntryDescriptor.skipTo(kept, keptAt, version, leavesGap);
      }
    }
  }

  private void order(int node) {
    PackedTree ordered = tree;
    if (ordered != null) {
      ordered.insert(node);
    } else if (build != null) {
      build.journal.add(node);
      if (build.isHandedOver()) {
        advanceOrder(PENDING_PER_WRITE);
      }
    }
  }

  /// Memory that is used, range deletions on the heap included: at the budget this is full. For the
  /// writer.
  public long usedBytes() {
    return log.usedBytes() + index.bytes() + treeBytes() + rangeTombstones.bytes();
  }

  /// How much of what entries may take is used, at 1 this is full. Any thread; may be a little old.
  public double fullness() {
    long fixed = index.bytes();
    return (double) (usedBytes() - fixed) / Math.max(1, options.budgetBytes() - fixed);
  }

  private void note(long sequence) {
    versions++;
    smallestSequence = Math.min(smallestSequence, sequence);
    largestSequence = Math.max(largestSequence, sequence);
  }
}
