package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Waiter;

/// Has a sync wait a moment for the writers that the one before has just let go, who are about to
/// write again. Without it syncs alternate between two halves of the writers: while one half is on
/// its way to the disk the other one comes too late, and each sync makes half of them safe. The
/// idea is that of PostgreSQL's `commit_delay`; nothing has to be set.
///
/// How many are to come is what the last sync covered, and what was written while it ran. It waits
/// at most for a part of the time that a sync takes; and where they did not come, for thinking
/// longer between their writes, the next syncs do not wait, ever more of them.
///
/// For the thread that syncs.
final class CommitDelay {
  /// Longest wait, however slow the disk is: it costs the processor.
  private static final long NANOS_MAX = 100_000;

  /// Part of the time of a sync that is waited at most.
  private static final int SYNC_PARTS = 2;

  private static final int SKIPPED_MAX = 64;

  private final Waiter waiter;
  private final Clock clock;
  private long writers = 1;
  private long covered;
  private long beganNanos;
  private long syncNanos;
  private int skipsAfterMiss = 1;
  private int skips;

  CommitDelay(Waiter waiter, Clock clock) {
    this.waiter = waiter;
    this.clock = clock;
  }

  /// Waits until all that write now and then have written, or it is not worth waiting longer.
  void await(LogProgress progress) {
    long durable = progress.durable().count();
    if (progress.written().count() - durable >= writers) {
      return;
    }
    if (skips > 0) {
      skips--;
      return;
    }
    long limit = Math.min(NANOS_MAX, syncNanos / SYNC_PARTS);
    if (waiter.spin(() -> progress.written().count() - durable >= writers, limit)) {
      skipsAfterMiss = 1;
    } else {
      skips = skipsAfterMiss;
      skipsAfterMiss = Math.min(SKIPPED_MAX, 2 * skipsAfterMiss);
    }
  }

  /// A sync of so many writes begins.
  void began(long writes) {
    covered = writes;
    beganNanos = clock.nanoTime();
  }

  /// It has ended, and so many were written meanwhile.
  void ended(long late) {
    syncNanos = clock.nanoTime() - beganNanos;
    writers = covered + late;
  }
}
