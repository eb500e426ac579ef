package io.atlaskv.engine.internal.io;

/// Waits by parking threads, platform or virtual.
final class SystemWaiter implements Waiter {
  @Override
  public Signal signal() {
    return new SystemSignal();
  }
}
