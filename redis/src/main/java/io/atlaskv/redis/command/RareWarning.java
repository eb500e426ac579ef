package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.io.Clock;
import java.util.concurrent.atomic.AtomicLong;

/// When a warning goes to the log that clients can cause as often as they like: once a minute. Any
/// thread.
final class RareWarning {
  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private final Clock clock;
  private final AtomicLong lastNanos;

  RareWarning(Clock clock) {
    this.clock = clock;
    lastNanos = new AtomicLong(clock.nanoTime() - INTERVAL_NANOS);
  }

  /// True if the caller is to log it now.
  boolean isDue() {
    long now = clock.nanoTime();
    long last = lastNanos.get();
    return now - last >= INTERVAL_NANOS && lastNanos.compareAndSet(last, now);
  }
}
