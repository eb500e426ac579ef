package io.atlaskv.engine.internal.io;

import java.util.function.BooleanSupplier;

/// Waits by parking threads, platform or virtual.
final class SystemWaiter implements Waiter {
  @Override
  public Signal signal() {
    return new SystemSignal();
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: to yield is only faster
  public boolean spin(BooleanSupplier done, long timeoutNanos) {
    long begun = System.nanoTime();
    boolean isDone = done.getAsBoolean();
    while (!isDone && System.nanoTime() - begun < timeoutNanos) {
      Thread.yield();
      isDone = done.getAsBoolean();
    }
    return isDone;
  }
}
