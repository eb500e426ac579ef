package io.atlaskv.redis.command;

/// What all loops together have counted of one command.
public final class CommandTotals {
  private final LatencyHistogram histogram = new LatencyHistogram();
  private long calls;
  private long nanos;
  private long rejected;
  private long failed;

  void add(long moreCalls, long moreNanos, long moreRejected, long moreFailed) {
    calls += moreCalls;
    nanos += moreNanos;
    rejected += moreRejected;
    failed += moreFailed;
  }

  /// How often it has run.
  public long calls() {
    return calls;
  }

  public long nanos() {
    return nanos;
  }

  /// How often it was refused before it ran.
  public long rejected() {
    return rejected;
  }

  /// How often its reply was an error.
  public long failed() {
    return failed;
  }

  public LatencyHistogram histogram() {
    return histogram;
  }
}
