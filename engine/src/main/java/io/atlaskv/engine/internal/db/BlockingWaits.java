package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Waits of the callers of the blocking API. The beginning of the end of the store ends them all.
///
/// Invariants:
/// - Z1: whoever waits for background work waits for the beginning of the end as well.
/// - Z2: whoever waits for the log does not: it writes and syncs all before it is closed, or fails.
final class BlockingWaits {
  private final EngineParts parts;
  private final AtomicBoolean isClosing = new AtomicBoolean();

  BlockingWaits(EngineParts parts) {
    this.parts = parts;
  }

  /// Ends all waits; false if that was done before.
  boolean beginClose() {
    boolean isFirst = isClosing.compareAndSet(false, true);
    if (isFirst) {
      wake();
    }
    return isFirst;
  }

  void requireOpen() {
    if (isClosing.get()) {
      throw new ClosedException("the store");
    }
  }

  /// Until the condition holds.
  ///
  /// @throws ClosedException if the store is being closed
  void until(BooleanSupplier done) {
    parts.progress().await(() -> isClosing.get() || done.getAsBoolean()); // Z1
    requireOpen();
  }

  /// Until the condition holds, the time is over, or the store is being closed.
  void until(BooleanSupplier done, long nanos) {
    parts.progress().await(() -> isClosing.get() || done.getAsBoolean(), nanos);
  }

  /// For a time, or until the store is being closed.
  void pause(long nanos) {
    parts.progress().await(isClosing::get, nanos);
  }

  /// For all of a time, which is short.
  void delay(long nanos) {
    parts.progress().await(() -> false, nanos);
  }

  /// Makes all who wait look again.
  void wake() {
    parts.progress().run();
  }

  /// After `STALLED`, until there is room for so many bytes, or a reason to refuse them.
  void forRoom(long bytes) {
    parts
        .stalls()
        .during(() ->
            until(
                () -> !parts.features().isSwitching() && parts.writes().hasAnswer(bytes),
                Long.MAX_VALUE));
    requireOpen();
  }

  /// Until the condition holds, which says that others have what is theirs.
  ///
  /// @throws ClosedException if the store is being closed
  void forTurn(BooleanSupplier hasTurn) {
    parts.stalls().during(() -> until(hasTurn, Long.MAX_VALUE));
    requireOpen();
  }

  /// Until a memtable is in order; the caller holds a view with it.
  ///
  /// @throws ClosedException if it never will be, as the store is being closed
  /// @throws StorageException if it never will be for another reason
  void forOrder(Memtable memtable) {
    parts.ordering().await(memtable, isClosing::get);
    if (!memtable.isOrdered()) {
      requireOpen();
      StorageException problem = memtable.orderProblem();
      if (problem != null) {
        throw problem;
      }
    }
  }

  /// Until everything up to `sequence`, which somebody writes, is with the kernel.
  void forWritten(long sequence) {
    if (parts.wal().writtenSequence() < sequence) {
      parts
          .progress()
          .await(() -> parts.wal().writtenSequence() >= sequence || parts.wal().failure() != null);
      if (parts.wal().writtenSequence() < sequence) {
        parts.failure().requireWritable();
      }
    }
  }

  /// Until everything up to `sequence`, which is written, is on disk. One of those who wait syncs
  /// for all.
  void forDurable(long sequence) {
    if (parts.wal().durableSequence() < sequence) {
      parts.wal().awaitDurable(sequence);
      if (parts.wal().durableSequence() < sequence) {
        parts.failure().requireWritable();
      }
    }
  }
}
