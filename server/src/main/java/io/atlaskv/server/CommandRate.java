package io.atlaskv.server;

/// Commands a second, between the last two times it was asked that lie a moment apart.
///
/// Any thread may use it.
final class CommandRate {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long MOMENT_NANOS = 400_000_000;

  private long seenNanos;
  private long seenCommands;
  private long rate;

  CommandRate(long nowNanos) {
    seenNanos = nowNanos;
  }

  /// Until now so many commands have run.
  synchronized void sample(long nowNanos, long commands) {
    long passed = nowNanos - seenNanos;
    if (passed >= MOMENT_NANOS) {
      rate = Math.round((double) (commands - seenCommands) * NANOS_PER_SECOND / passed);
      seenNanos = nowNanos;
      seenCommands = commands;
    }
  }

  synchronized long perSecond() {
    return rate;
  }
}
