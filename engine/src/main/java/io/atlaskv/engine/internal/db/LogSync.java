package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.concurrent.atomic.AtomicBoolean;

/// Syncs the log as the durability says. `always`: whoever waits asks for it. `interval`: one sync
/// an interval after the first write that is not yet synced, none while nothing is written.
final class LogSync {
  private final Wal wal;
  private final Scheduler scheduler;
  private final AtomicBoolean isArmed = new AtomicBoolean();
  private volatile Durability durability;

  LogSync(Wal wal, Scheduler scheduler, Durability durability) {
    this.wal = wal;
    this.scheduler = scheduler;
    this.durability = durability;
  }

  Durability durability() {
    return durability;
  }

  /// Changes it for all that is written from now on, and for what is not yet synced.
  void durability(Durability value) {
    durability = value;
    if (value.mode() == Durability.Mode.ALWAYS) {
      wal.requestSync();
    }
    written();
  }

  /// Called after each write of the log.
  void written() {
    Durability current = durability;
    if (current.mode() == Durability.Mode.INTERVAL
        && !isArmed.get()
        && isArmed.compareAndSet(false, true)) {
      scheduler.schedule(Scheduler.Lane.SYNC, current.interval().toNanos(), this::syncWritten);
    }
  }

  private boolean syncWritten() {
    isArmed.set(false); // what is written from here on arms it again
    wal.sync();
    return false;
  }
}
