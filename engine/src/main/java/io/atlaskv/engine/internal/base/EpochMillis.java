package io.atlaskv.engine.internal.base;

import java.time.Instant;

/// Moments as the files of a store know them.
public final class EpochMillis {
  private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
  private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private EpochMillis() {}

  /// Milliseconds since 1970, rounded down; the first or last there is for what lies beyond.
  public static long of(Instant instant) {
    if (instant.isBefore(FIRST)) {
      return Long.MIN_VALUE;
    }
    return instant.isAfter(LAST) ? Long.MAX_VALUE : instant.toEpochMilli();
  }
}
