package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;

/// Notices that nobody writes any more, after the tables changed: then compactions may do what is
/// merely useful.
final class IdleWatch {
  private static final long QUIET_NANOS = 1_000_000_000;

  private final Scheduler scheduler;
  private final WritePath writes;
  private final CompactionWork compactions;
  private final AtomicBoolean isWatching = new AtomicBoolean();
  private volatile long seenSequence;

  IdleWatch(Scheduler scheduler, WritePath writes, CompactionWork compactions) {
    this.scheduler = scheduler;
    this.writes = writes;
    this.compactions = compactions;
  }

  /// Called when a flush or compaction was installed.
  void tablesChanged() {
    if (isWatching.compareAndSet(false, true)) {
      compactions.busy();
      watch();
    }
  }

  private void watch() {
    seenSequence = writes.visibleSequence();
    scheduler.schedule(Scheduler.Lane.COMPACTION, QUIET_NANOS, this::look);
  }

  private boolean look() {
    if (writes.visibleSequence() != seenSequence) {
      watch();
    } else {
      isWatching.set(false);
      compactions.wakeIdle();
    }
    return false;
  }
}
