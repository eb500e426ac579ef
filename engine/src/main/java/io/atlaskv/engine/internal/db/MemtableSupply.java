package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.RandomSource;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.memtable.MemtableOptions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes memtables ahead of time, so that sealing one under the commit lock does not wait for the
/// clearing of a new hash index. The first spare is made once the first memtable has something in
/// it, each other one when the last was taken.
final class MemtableSupply implements AutoCloseable {
  private static final long FIRST_BUDGET_BYTES = 4 << 20;

  /// What the first memtable has when a spare is made: who writes a few keys needs none.
  private static final long SPARE_FROM_BYTES = 1 << 20;

  private final ChunkPool pool;
  private final Scheduler scheduler;
  private final RandomSource random;
  private final long budgetBytes;
  private final AtomicReference<@Nullable Memtable> spare = new AtomicReference<>();
  private boolean isAsked; // for a spare; guarded by the commit lock
  private volatile boolean isOrderWanted;
  private volatile boolean isClosed;

  MemtableSupply(ChunkPool pool, Scheduler scheduler, RandomSource random, long budgetBytes) {
    this.pool = pool;
    this.scheduler = scheduler;
    this.random = random;
    this.budgetBytes = budgetBytes;
  }

  /// A memtable that takes a batch of so many operations and bytes: the spare if it is ready and
  /// does, else a new one. Orders the next spare.
  Memtable take(long operations, long bytes) {
    Memtable ready = spare.getAndSet(null);
    ask();
    if (ready != null) {
      if (ready.canTake(operations, bytes)) {
        return ready;
      }
      ready.release();
    }
    return create(operations);
  }

  /// Whether a spare is ready. If none is, one was asked for, or will be when the active memtable
  /// has enough in it. Under the commit lock.
  boolean isReady(Memtable active) {
    if (spare.get() != null) {
      return true;
    }
    if (!isAsked && active.usedBytes() >= SPARE_FROM_BYTES) {
      ask();
    }
    return false;
  }

  private void ask() {
    if (!isClosed) {
      isAsked = true;
      scheduler.submit(Scheduler.Lane.MEMORY, this::prepare);
    }
  }

  /// The memtable that a store opens with. It is small: the JDK zeroes its memory while the caller
  /// waits for the store, 20 ms for one of full size where pages are dear.
  Memtable createFirst() {
    return create(Math.min(budgetBytes, FIRST_BUDGET_BYTES), 0);
  }

  /// A new memtable for at least so many entries.
  Memtable create(long entriesMin) {
    return create(budgetBytes, entriesMin);
  }

  private Memtable create(long bytes, long entriesMin) {
    return new Memtable(
        pool, new MemtableOptions(bytes, entriesMin, isOrderWanted, random.nextLong()));
  }

  /// Whether memtables made from now on keep their ordered index up to date from the start.
  boolean isOrderWanted() {
    return isOrderWanted;
  }

  /// Memtables made from now on keep their ordered index up to date from the start.
  void wantOrder() {
    isOrderWanted = true;
  }

  private boolean prepare() {
    if (!isClosed && spare.get() == null) {
      Memtable fresh = create(0);
      if (!spare.compareAndSet(null, fresh)) {
        fresh.release();
      }
    }
    return false;
  }

  @Override
  public void close() {
    isClosed = true;
    Memtable ready = spare.getAndSet(null);
    if (ready != null) {
      ready.release();
    }
  }
}
