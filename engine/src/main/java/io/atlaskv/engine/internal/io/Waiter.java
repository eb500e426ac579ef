package io.atlaskv.engine.internal.io;

/// The only way to block a thread: for thin wrappers around the engine that promise to wait. In
/// simulation, waiting runs the scheduler.
public interface Waiter {
  /// A new place to wait at.
  Signal signal();
}
