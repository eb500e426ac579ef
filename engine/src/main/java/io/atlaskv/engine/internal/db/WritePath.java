package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.io.StageTimes;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.wal.Wal;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Commits batches in one order for the whole store.
///
/// Under the commit lock, which is never held over I/O: take sequences, copy the batch into the
/// log's pending group, insert it into the memtable, publish (DESIGN R2).
///
/// Invariants:
/// - C1: sequences are dense, and the order in the log is the order of sequences.
/// - C2: a batch is in one memtable as a whole, and published as a whole.
/// - C3: a batch is refused before it took a sequence or not at all.
final class WritePath implements LiveSnapshots {
  /// Answer of `commit`: no room now; wait for progress and try again. Nothing was done.
  static final long STALLED = -1;

  /// Answer of `commit`: the condition does not hold. Nothing was done.
  static final long CHANGED = -2;

  private static final long TIMED_MASK = 63; // of the sequence: one batch in 64, if small

  private final ReentrantLock lock = new ReentrantLock();
  private final Wal wal;
  private final Views views;
  private final SnapshotList snapshots;
  private final CounterTable counters;
  private final StoreFailure failure;
  private final MemtableSupply supply;
  private final BatchApplier applier;
  private final Tally written = new Tally(); // counted under the lock
  private final long batchBytesMax;
  private final int sealedMax;
  private final long entriesMax;
  private final StageTimes times;
  private long nextSequence;
  private volatile long visibleSequence;
  private boolean isClosed;
  private final List<CommitWatch> watches = new ArrayList<>(0);
  private boolean isHeld;
  private Runnable onSeal = () -> {};
  private Runnable onRelease = () -> {};

  WritePath(
      Wal wal,
      Views views,
      SnapshotList snapshots,
      CounterTable counters,
      StoreFailure failure,
      MemtableSupply supply,
      MemoryPlan plan,
      long entriesMax,
      long lastSequence,
      StageTimes times) {
    this.wal = wal;
    this.views = views;
    this.snapshots = snapshots;
    this.counters = counters;
    this.failure = failure;
    this.supply = supply;
    this.batchBytesMax = plan.batchBytesMax();
    this.sealedMax = plan.sealedMax();
    this.entriesMax = entriesMax;
    this.times = times;
    this.applier = new BatchApplier(counters, this, null, written);
    this.nextSequence = lastSequence + 1;
    this.visibleSequence = lastSequence;
  }

  /// What runs after a memtable was sealed, without the lock. To be set before the first commit.
  void onSeal(Runnable action) {
    onSeal = action;
  }

  /// What runs after a snapshot was released, without the lock. To be set before the first one.
  void onRelease(Runnable action) {
    onRelease = action;
  }

  long visibleSequence() {
    return visibleSequence;
  }

  /// What was written to each namespace since the store was opened.
  Tally written() {
    return written;
  }

  /// Commits a finished batch; returns its last sequence or `STALLED`.
  long commit(BatchBuilder batch) {
    return commit(batch, null);
  }

  /// Commits a finished batch if the condition, where there is one, holds then; returns its last
  /// sequence, `STALLED` or `CHANGED`.
  long commit(BatchBuilder batch, @Nullable CommitCondition condition) {
    MemorySegment bytes = batch.segment();
    long length = batch.length();
    int operations = batch.operations();
    if (operations == 0) {
      throw new IllegalArgumentException("a batch needs at least one put or delete");
    }
    if (length > batchBytesMax) {
      throw new IllegalArgumentException(
          "batch of " + length + " bytes is larger than the limit of " + batchBytesMax);
    }
    boolean hasSealed = false;
    lockTimed();
    try {
      requireOpen();
      failure.requireWritable();
      if (condition != null && !condition.holds(views.current())) {
        return CHANGED;
      }
      if (isHeld) {
        return STALLED;
      }
      if (!wal.hasRoom(length)) {
        requireNoShortage();
        return STALLED;
      }
      Memtable active = views.current().active();
      boolean isSpareReady = supply.isReady(active);
      if (isFullFor(active, operations, length)
          && (isSpareReady || !canStretch(active, operations, length))) {
        if (views.current().sealed().length >= sealedMax) {
          return STALLED;
        }
        active = seal(operations, length);
        hasSealed = true;
      }
      long first = nextSequence;
      wal.append(first, operations, bytes, length);
      boolean isTimed = (first & TIMED_MASK) == 0;
      long start = isTimed ? times.start() : 0;
      apply(active, first, bytes, length);
      if (isTimed) {
        times.record(Stage.MEMTABLE, start);
      }
      long last = first + operations - 1;
      nextSequence = last + 1;
      visibleSequence = last;
      if (!watches.isEmpty()) {
        watches.forEach(watch -> watch.saw(bytes, length));
      }
      return last;
    } finally {
      lock.unlock();
      if (hasSealed) {
        onSeal.run();
      }
    }
  }

  /// To a memtable, what is in the log already.
  private void apply(Memtable active, long first, MemorySegment bytes, long length) {
    try {
      applier.apply(active, first, bytes, 0, length);
    } catch (RuntimeException | Error e) { // only the next open can tell what the batch has done
      failure.fail(StoreFailure.unexpected("a batch of the log is not in memory", e));
      throw e;
    }
  }

  /// Takes the lock; measures how long that takes if another holds it.
  private void lockTimed() {
    if (!lock.tryLock()) {
      long start = times.start();
      lock.lock();
      times.record(Stage.QUEUE, start);
    }
  }

  /// True if a registered snapshot, or a reader that goes by what is published now, needs versions
  /// from `from` on, below `to`.
  @Override
  public boolean anyIn(long from, long to) {
    long visible = visibleSequence;
    return (from <= visible && visible < to) || snapshots.anyIn(from, to);
  }

  @Override
  public long published() {
    return visibleSequence;
  }

  private void requireNoShortage() {
    StorageException shortage = wal.shortage();
    if (shortage != null) {
      throw StoreFailure.diskFull(shortage);
    }
  }

  private boolean isFullFor(Memtable memtable, long operations, long bytes) {
    return memtable.isFull()
        || !memtable.canTake(operations, bytes)
        || (entriesMax > 0 && memtable.versions() >= entriesMax);
  }

  private boolean canStretch(Memtable memtable, long operations, long bytes) {
    return memtable.canStretch(operations, bytes)
        && (entriesMax == 0 || memtable.versions() < entriesMax);
  }

  /// Whether a batch of so many bytes would not be answered with `STALLED`: there is room for it,
  /// or it would be refused.
  boolean hasAnswer(long bytes) {
    lock.lock();
    try {
      View view = views.current();
      if (isClosed || failure.current() != null) {
        return true;
      }
      if (isHeld) {
        return false;
      }
      if (!wal.hasRoom(bytes)) {
        return wal.shortage() != null;
      }
      return view.sealed().length < sealedMax || !isFullFor(view.active(), 1, bytes);
    } finally {
      lock.unlock();
    }
  }

  /// Seals the active memtable if it has an entry at or before `sequence`, unless too many are
  /// sealed already.
  void sealThrough(long sequence) {
    lock.lock();
    try {
      requireOpen();
      View view = views.current();
      if (view.active().isEmpty()
          || view.active().smallestSequence() > sequence
          || view.sealed().length >= sealedMax) {
        return;
      }
      seal(0, 0);
    } finally {
      lock.unlock();
    }
    onSeal.run();
  }

  private Memtable seal(long operations, long bytes) {
    assert lock.isHeldByCurrentThread();
    Memtable fresh = supply.take(operations, bytes);
    views.seal(fresh, new SealPoint(nextSequence - 1, counters.checkpoint()), wal.currentSegment());
    fresh.release(); // the view holds it now
    return fresh;
  }

  /// Answers every commit with `STALLED` from now on, until `resume`: nothing is committed but by
  /// `commitHeld`.
  void hold() {
    inOrder(() -> isHeld = true);
  }

  /// Whether commits are held: then what is in the log may not yet be visible. Under the lock.
  boolean isHeld() {
    return isHeld;
  }

  /// Ends `hold`. What `commitHeld` took is visible at the latest now.
  void resume() {
    inOrder(() -> {
      isHeld = false;
      visibleSequence = nextSequence - 1;
    });
  }

  /// Seals the active memtable if it has anything, unless too many are sealed already.
  void sealAll() {
    boolean hasSealed = false;
    lock.lock();
    try {
      if (!isClosed
          && !views.current().active().isEmpty()
          && views.current().sealed().length < sealedMax) {
        seal(0, 0);
        hasSealed = true;
      }
    } finally {
      lock.unlock();
    }
    if (hasSealed) {
      onSeal.run();
    }
  }

  /// While held: puts a batch of deletions of nothing into the log, not into the memtable. It is
  /// not visible before `publishHeld`.
  ///
  /// @return what is true after it, or null if there is no room in the log now
  @Nullable SealPoint commitHeld(BatchBuilder batch) {
    lock.lock();
    try {
      requireOpen();
      failure.requireWritable();
      assert isHeld;
      if (!wal.hasRoom(batch.length())) {
        requireNoShortage();
        return null;
      }
      wal.append(nextSequence, batch.operations(), batch.segment(), batch.length());
      nextSequence += batch.operations();
      return new SealPoint(nextSequence - 1, counters.checkpoint());
    } finally {
      lock.unlock();
    }
  }

  /// Makes what `commitHeld` took visible. Under the lock, with the tables that have its sequence.
  ///
  /// @param start first key of the tables
  /// @param end the one after the last
  void publishHeld(long sequence, byte[] start, byte[] end) {
    assert lock.isHeldByCurrentThread() && isHeld;
    watches.forEach(watch -> watch.saw(start, end));
    visibleSequence = sequence;
  }

  /// The commit lock, for those who change what is true of one moment.
  Lock lock() {
    return lock;
  }

  /// Runs `change` in the order of commits: nothing is committed while it runs. For what must be
  /// true of one moment, in a few hundred nanoseconds.
  void inOrder(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /// Shows a watch all that is committed from now on. What is visible now was committed before.
  void begin(CommitWatch watch) {
    lock.lock();
    try {
      watches.add(watch);
    } finally {
      lock.unlock();
    }
  }

  void end(CommitWatch watch) {
    lock.lock();
    try {
      watches.remove(watch);
    } finally {
      lock.unlock();
    }
  }

  /// Registers a snapshot of what is published; returns its sequence.
  long acquireSnapshot() {
    lock.lock();
    try {
      requireOpen();
      long sequence = visibleSequence;
      snapshots.add(sequence);
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Registers a snapshot of what was published at a sequence.
  ///
  /// @throws HistoryGoneException if what it sees may have been dropped
  long acquireSnapshot(long sequence) {
    lock.lock();
    try {
      requireOpen();
      long visible = visibleSequence;
      if (sequence < 1 || sequence > visible) {
        throw new IllegalArgumentException(
            "sequence must be at least 1 and at most " + visible + ", is " + sequence);
      }
      long oldest = Math.min(snapshots.floor(), visible);
      if (sequence < oldest) {
        throw new HistoryGoneException(
            "what was visible at sequence " + sequence + " is not kept, but from " + oldest,
            oldest);
      }
      snapshots.add(sequence);
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /// Registers a snapshot once more; false if nobody has it any more.
  boolean retainSnapshot(long sequence) {
    lock.lock();
    try {
      requireOpen();
      boolean isThere = snapshots.anyIn(sequence, sequence + 1);
      if (isThere) {
        snapshots.add(sequence);
      }
      return isThere;
    } finally {
      lock.unlock();
    }
  }

  void releaseSnapshot(long sequence) {
    lock.lock();
    try {
      snapshots.remove(sequence);
    } finally {
      lock.unlock();
    }
    onRelease.run();
  }

  /// Refuses all later commits.
  void close() {
    lock.lock();
    try {
      isClosed = true;
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (isClosed) {
      throw new ClosedException("the store");
    }
  }
}
