package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.tools.RepairListener;

/// Counts what a repair could not read, and tells it.
final class LossLog {
  private final RepairListener listener;
  private int count;

  LossLog(RepairListener listener) {
    this.listener = listener;
  }

  void add(Loss loss) {
    count++;
    listener.loss(loss);
  }

  int count() {
    return count;
  }
}
