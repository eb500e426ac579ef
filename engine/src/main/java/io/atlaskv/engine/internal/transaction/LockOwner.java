package io.atlaskv.engine.internal.transaction;

import io.atlaskv.engine.api.Bytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A transaction as the lock table knows it. Used by one thread at a time, but for `waitsFor`.
public final class LockOwner {
  private final long number;
  final Map<Bytes, Boolean> held = new HashMap<>(); // whether exclusively
  long bytes; // that its locks are counted with
  @Nullable LockRequest waitsFor; // guarded by the table's graph lock

  /// @param number larger for younger ones; one that is run again keeps it, so that it becomes the
  ///   oldest some day
  public LockOwner(long number) {
    this.number = number;
  }

  public long number() {
    return number;
  }

  /// Keys it has locked.
  public int locks() {
    return held.size();
  }

  @Override
  public String toString() {
    return "transaction " + number;
  }
}
