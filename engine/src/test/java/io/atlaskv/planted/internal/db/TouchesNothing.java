package io.atlaskv.planted.internal.db;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// Breaks nothing: what the engine core may use although it looks close to the forbidden.
final class TouchesNothing {
  private TouchesNothing() {}

  static int holdsLockShortly(ReentrantLock lock, int value) {
    lock.lock();
    try {
      return value;
    } finally {
      lock.unlock();
    }
  }

  static void spins() {
    Thread.onSpinWait();
  }

  static Path namesPath(Path path) {
    return path;
  }

  static boolean completesFuture(CompletableFuture<Integer> future) {
    return future.complete(1);
  }
}
