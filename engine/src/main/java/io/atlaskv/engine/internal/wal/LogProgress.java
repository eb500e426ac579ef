package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How far the log has come, and whether it goes on: the numbers that its parts hand to each other.
///
/// ```
///             durable          written          appended
/// | on disk   | with the kernel | in groups      |
/// ```
///
/// Each place is a sequence and a count of appends: a batch of counters only takes no sequence, and
/// is to be written and synced all the same.
///
/// Invariants:
/// - P1: `durable <= written <= appended`, in counts as in sequences, and none ever falls.
/// - P2: sequence and count of a place change together: who has seen a sequence written asks for a
///   sync of its count, and not of the one before, which may be durable already, so that nobody
///   would sync.
/// - P3: there is one failure, the first.
final class LogProgress {
  private static final String NAME = "log";

  /// How far something has come.
  ///
  /// @param sequence the last one
  /// @param count appends
  record Place(long sequence, long count) {}

  private final ReentrantLock lock;
  private final Signal signal;
  private final Signal syncs;
  private final Runnable listener;
  private volatile long appendedCount;
  private volatile Place written;
  private volatile Place durable;
  private volatile boolean isClosed;
  private volatile @Nullable AtlasException failure;

  /// @param lock the one of the log
  /// @param listener runs whenever somebody who waits should look again
  LogProgress(ReentrantLock lock, Waiter waiter, Runnable listener, long lastSequence) {
    this.lock = lock;
    signal = waiter.signal();
    syncs = waiter.signal();
    this.listener = listener;
    written = new Place(lastSequence, 0);
    durable = written;
  }

  /// Appends so far, groups that count as one included.
  long appendedCount() {
    return appendedCount;
  }

  /// Under the lock.
  void appended(long count) {
    appendedCount = count;
  }

  Place written() {
    return written;
  }

  /// By the writing thread.
  void written(Place place) {
    written = place;
  }

  Place durable() {
    return durable;
  }

  /// By the syncing thread.
  void durable(Place place) {
    durable = place;
  }

  boolean hasFailed() {
    return failure != null;
  }

  @Nullable AtlasException failure() {
    return failure;
  }

  /// Ends all appends, writes and syncs, and tells.
  void fail(AtlasException cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
    } finally {
      lock.unlock();
    }
    tellSynced();
  }

  boolean isClosed() {
    return isClosed;
  }

  void close() {
    isClosed = true;
  }

  void requireWritable() {
    if (isClosed) {
      throw new ClosedException(NAME);
    }
    AtlasException cause = failure;
    if (cause != null) {
      throw new ReadOnlyException("the log is read-only until reopened", cause);
    }
  }

  /// Has those who wait look again, but for those of `awaitSync`. Without locks.
  void tell() {
    signal.wakeAll();
    listener.run();
  }

  /// Has all who wait look again, after a sync or a failure. Without locks.
  void tellSynced() {
    syncs.wakeAll();
    tell();
  }

  /// Waits until `done` is true, as long as it takes.
  void await(BooleanSupplier done) {
    signal.await(done, Long.MAX_VALUE);
  }

  /// As `await`, for what only the end of a sync, or a failure, can make true: writes, of which
  /// there are many for one sync, wake nobody who waits here.
  void awaitSync(BooleanSupplier done) {
    syncs.await(done, Long.MAX_VALUE);
  }
}
