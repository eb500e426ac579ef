package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.compaction.WriteController;
import java.util.concurrent.atomic.AtomicLong;

/// Asks the write controller, from what the current view owes to flush and compaction.
final class Admission {
  private static final int SCALE_BITS = 20;
  private static final long WAIT_NANOS_MIN = 1_000_000;
  private static final long WAIT_NANOS_MAX = 20_000_000;

  private final Views views;
  private final WriteController controller;
  private final Throttle throttle;
  private volatile long nanosPerByteScaled; // 2^-20 ns; recomputed when the debt changes
  private final AtomicLong owedNanos = new AtomicLong();

  /// @param throttle is told how urgent compactions are
  Admission(Views views, WriteController controller, Throttle throttle) {
    this.views = views;
    this.throttle = throttle;
    this.controller = controller;
    recompute();
  }

  /// To be called when a memtable was sealed or a version installed.
  void recompute() {
    View view = views.acquire();
    try {
      double nanosPerByte = controller.nanosPerByte(view.version().state(), view.sealed().length);
      nanosPerByteScaled = (long) (nanosPerByte * (1 << SCALE_BITS));
      throttle.urgency(controller.urgency(view.version().state(), view.sealed().length));
    } finally {
      view.release();
    }
  }

  /// How long the writer of so many bytes should wait. What is owed is added up until it is worth a
  /// wait: nobody can sleep for microseconds.
  long delayNanos(long bytes) {
    long scaled = nanosPerByteScaled;
    if (scaled == 0) {
      return 0;
    }
    long owed = owedNanos.addAndGet((bytes * scaled) >> SCALE_BITS);
    return owed >= WAIT_NANOS_MIN && owedNanos.compareAndSet(owed, 0)
        ? Math.min(owed, WAIT_NANOS_MAX)
        : 0;
  }
}
