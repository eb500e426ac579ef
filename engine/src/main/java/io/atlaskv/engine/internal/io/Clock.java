package io.atlaskv.engine.internal.io;

/// Time, real or simulated.
public interface Clock {
  /// Monotonic, for durations; its zero means nothing.
  long nanoTime();

  /// Wall clock: milliseconds since 1970, may jump either way.
  long currentTimeMillis();
}
