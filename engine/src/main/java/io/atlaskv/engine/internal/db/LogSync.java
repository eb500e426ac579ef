package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.io.Cancellable;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.wal.Wal;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Syncs the log as the durability says. `always`: whoever waits asks for it. `interval`: one sync
/// an interval after the first write that is not yet synced, none while nothing is written. A write
/// that asks for a shorter interval than the store's brings that sync forward.
///
/// Invariants:
/// - D1: at most one sync is armed, the earliest that any write since the last one has asked for.
/// - D2: what is armed comes no later than an interval of the store's from now, so that a write
///   which asks for nothing need not look when it comes.
/// - D3: it is disarmed before it begins: who finds it armed was written before it.
final class LogSync {

  /// A sync to come; the identity is what tells it from one that took its place.
  private static final class Armed {
    final long dueNanos;
    @Nullable Cancellable task;

    Armed(long dueNanos) {
      this.dueNanos = dueNanos;
    }
  }

  private final Wal wal;
  private final Scheduler scheduler;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Armed armed; // changed under the lock
  private volatile Durability durability;

  LogSync(Wal wal, Ports ports, Durability durability) {
    this.wal = wal;
    this.scheduler = ports.scheduler();
    this.clock = ports.clock();
    this.durability = durability;
  }

  Durability durability() {
    return durability;
  }

  /// Changes it for all that is written from now on, and for what is not yet synced.
  void durability(Durability value) {
    durability = value;
    switch (value.mode()) {
      case ALWAYS -> wal.requestSync();
      case INTERVAL -> arm(value.interval()); // D2
      case OS -> {} // what is armed is still due for what was written before
    }
  }

  /// Called after each write of the log.
  void written() {
    Durability current = durability;
    if (current.mode() == Durability.Mode.INTERVAL && armed == null) {
      arm(current.interval());
    }
  }

  /// Has what is written by now synced before `interval` has passed.
  void within(Duration interval) {
    Armed current = armed;
    if (current == null || current.dueNanos - clock.nanoTime() > interval.toNanos()) {
      arm(interval);
    }
  }

  private void arm(Duration asked) {
    lock.lock();
    try {
      Durability current = durability; // of this moment: D2
      boolean isShorter =
          current.mode() == Durability.Mode.INTERVAL && current.interval().compareTo(asked) < 0;
      long delayNanos = (isShorter ? current.interval() : asked).toNanos();
      var next = new Armed(clock.nanoTime() + delayNanos);
      Armed before = armed;
      if (before != null && before.dueNanos - next.dueNanos <= 0) {
        return;
      }
      armed = next;
      if (before != null && before.task != null) {
        before.task.cancel(); // D1
      }
      next.task = scheduler.schedule(Scheduler.Lane.SYNC, delayNanos, () -> sync(next));
    } finally {
      lock.unlock();
    }
  }

  private boolean sync(Armed due) {
    if (disarm(due)) {
      wal.sync();
    }
    return false;
  }

  /// False if another has taken its place.
  private boolean disarm(Armed due) {
    lock.lock();
    try {
      if (armed != due) {
        return false;
      }
      armed = null; // D3: what is written from here on arms it again
      return true;
    } finally {
      lock.unlock();
    }
  }
}
