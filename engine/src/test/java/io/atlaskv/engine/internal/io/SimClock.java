package io.atlaskv.engine.internal.io;

/// Virtual time: moves only when the simulator or a test moves it.
public final class SimClock implements Clock {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private long nanos;
  private long wallOffsetMillis;

  /// @param wallMillis what the wall clock shows first
  SimClock(long wallMillis) {
    wallOffsetMillis = wallMillis;
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public long currentTimeMillis() {
    return wallOffsetMillis + nanos / NANOS_PER_MILLI;
  }

  /// Lets time pass on both clocks.
  public void advance(long byNanos) {
    if (byNanos < 0) {
      throw new IllegalArgumentException("byNanos=" + byNanos);
    }
    nanos += byNanos;
  }

  /// Sets the wall clock forward or back; durations do not notice.
  public void jumpWall(long byMillis) {
    wallOffsetMillis += byMillis;
  }
}
