package io.atlaskv.server;

/// How much a count grows in a second, between the last two samples that lie a moment apart.
///
/// Any thread may use it.
final class Rate {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long MOMENT_NANOS = 400_000_000;

  private long seenNanos;
  private long seenCount;
  private long rate;

  Rate(long nowNanos) {
    seenNanos = nowNanos;
  }

  /// Until now it has grown so far.
  synchronized void sample(long nowNanos, long count) {
    long passed = nowNanos - seenNanos;
    if (passed >= MOMENT_NANOS) {
      rate = Math.round((double) (count - seenCount) * NANOS_PER_SECOND / passed);
      seenNanos = nowNanos;
      seenCount = count;
    }
  }

  synchronized long perSecond() {
    return rate;
  }
}
