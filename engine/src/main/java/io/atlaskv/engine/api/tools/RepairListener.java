package io.atlaskv.engine.api.tools;

import io.atlaskv.engine.api.Loss;

/// Follows a repair while it runs; called by one thread.
@FunctionalInterface
public interface RepairListener {
  /// Something could not be read.
  void loss(Loss loss);
}
