package io.atlaskv.engine.internal.io;

import java.util.function.BooleanSupplier;

/// The only way to block a thread: for thin wrappers around the engine that promise to wait. In
/// simulation, waiting runs the scheduler.
public interface Waiter {
  /// A new place to wait at.
  Signal signal();

  /// Waits for a moment that is too short to sleep: the thread lets others have its core, and asks
  /// again and again. Returns the last answer. An interrupt changes nothing.
  ///
  /// @param timeoutNanos at most this long, microseconds
  boolean spin(BooleanSupplier done, long timeoutNanos);
}
