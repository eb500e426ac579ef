package io.atlaskv.engine.internal.transaction;

import io.atlaskv.engine.internal.io.Signal;

/// Somebody who waits for a lock.
final class LockRequest {
  final LockOwner owner;
  final KeyLock lock;
  final boolean isExclusive;
  final Signal signal;
  volatile boolean isGranted; // set under the graph lock and the stripe's
  volatile boolean isVictim; // set under the graph lock

  LockRequest(LockOwner owner, KeyLock lock, boolean isExclusive, Signal signal) {
    this.owner = owner;
    this.lock = lock;
    this.isExclusive = isExclusive;
    this.signal = signal;
  }

  /// Whether it waits, and will until somebody else ends.
  boolean isWaiting() {
    return !isGranted && !isVictim;
  }
}
