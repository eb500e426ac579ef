package io.atlaskv.engine.internal.io;

/// A task that was scheduled.
@FunctionalInterface
public interface Cancellable {
  /// Prevents all steps that have not begun. Does not wait for a running one.
  void cancel();
}
