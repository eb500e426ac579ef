package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.compaction.WriteController;
import io.atlaskv.engine.internal.manifest.Levels;

/// Asks the write controller, from what the current view owes to flush and compaction.
final class Admission {
  private final Views views;
  private final WriteController controller;
  private volatile long nanosPerByteScaled; // 2^-20 ns; recomputed when the debt changes

  private static final int SCALE_BITS = 20;

  Admission(Views views, WriteController controller) {
    this.views = views;
    this.controller = controller;
    recompute();
  }

  /// To be called when a memtable was sealed or a version installed.
  void recompute() {
    View view = views.acquire();
    try {
      Levels levels = view.version().levels();
      double nanosPerByte = controller.nanosPerByte(levels, view.sealed().length);
      nanosPerByteScaled = (long) (nanosPerByte * (1 << SCALE_BITS));
    } finally {
      view.release();
    }
  }

  long delayNanos(long bytes) {
    long scaled = nanosPerByteScaled;
    return scaled == 0 ? 0 : (bytes * scaled) >> SCALE_BITS;
  }
}
