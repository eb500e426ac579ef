package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Seals the active memtable before its oldest entry has been there for longer than it may. Writes
/// know nothing of it: it looks eight times within that age, and what a look finds came after the
/// look before.
final class MemtableAge {
  private static final int LOOKS = 8;

  private final Scheduler scheduler;
  private final Clock clock;
  private final Views views;
  private final WritePath writes;
  private final long ageNanosMax;
  private final long periodNanos;

  // of one look after the other
  private @Nullable Memtable filled; // the active memtable, once it has something
  private long filledAfterNanos; // its oldest entry is younger
  private long lookedAtNanos;

  MemtableAge(Ports ports, Views views, WritePath writes, Duration ageMax) {
    this.scheduler = ports.scheduler();
    this.clock = ports.clock();
    this.views = views;
    this.writes = writes;
    ageNanosMax = ageMax.toNanos();
    periodNanos = ageNanosMax / LOOKS;
  }

  /// Looks from now on.
  void begin() {
    lookedAtNanos = clock.nanoTime();
    filledAfterNanos = lookedAtNanos;
    scheduler.schedule(Scheduler.Lane.FLUSH, periodNanos, this::look);
  }

  private boolean look() {
    try {
      sealIfOld();
    } finally {
      scheduler.schedule(Scheduler.Lane.FLUSH, periodNanos, this::look);
    }
    return false;
  }

  private void sealIfOld() {
    long now = clock.nanoTime();
    View view = views.acquire();
    try {
      Memtable active = view.active();
      if (active.isEmpty()) {
        filled = null;
      } else if (active != filled) {
        filled = active;
        filledAfterNanos = lookedAtNanos;
      }
    } finally {
      view.release();
    }
    if (filled != null && now + periodNanos - filledAfterNanos > ageNanosMax) {
      writes.sealAll(); // if it cannot be, the next look tries again
    }
    lookedAtNanos = now;
  }
}
