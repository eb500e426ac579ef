package io.atlaskv.engine.internal.io;

/// Background work in bounded steps: other tasks, and in simulation any other work, may run between
/// two of them. Steps of one task never overlap, and each sees what the one before it wrote.
@FunctionalInterface
public interface Task {
  /// Does one piece of work of at most about 10 ms of CPU; true = there is more, call again.
  boolean step();
}
