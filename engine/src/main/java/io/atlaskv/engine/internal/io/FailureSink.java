package io.atlaskv.engine.internal.io;

/// Told of what a task threw. Tasks handle the failures they expect themselves, so this one is a
/// bug or the end of memory; the lane goes on.
@FunctionalInterface
public interface FailureSink {
  /// Called by the lane's thread, once for each failure.
  void taskFailed(Scheduler.Lane lane, Throwable failure);
}
