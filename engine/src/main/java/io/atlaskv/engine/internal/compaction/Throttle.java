package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.io.Clock;

/// Spreads the I/O of flushes, compactions, bulk loads and backups over time, so that it stays
/// below ceilings. Steps are done at once and the next one put off for as long as the last should
/// have taken; so what waits in the background holds no thread. Any thread.
///
/// Flushes come first: what they take is missing to compactions, and they wait for themselves only.
/// Compactions take an eighth of the ceilings while nothing is urgent, and more the more is owed:
/// all of it well before writers are slowed down, and when nobody writes.
///
/// Bulk loads and backups, which somebody has asked for, take what flushes leave; while compactions
/// want something, what these leave, which is half of it at least. So a long one does not hold up
/// compactions until writers have to wait.
///
/// Ceilings may be changed at any time; what waits already waits for as long as it was told.
public final class Throttle {
  /// Bytes that count as one operation: what files are read and written by.
  private static final long OPERATION_BYTES = 256 << 10;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double SHARE_MIN = 1.0 / 8;
  private static final double REQUESTED_SHARE_MIN = 1.0 / 2;

  private final Clock clock;
  private volatile double nanosPerByteMin; // 0: no ceiling
  private volatile double share = SHARE_MIN;
  private long flushesFreeAt; // guarded by this
  private long requestedFreeAt; // guarded by this
  private long allFreeAt; // guarded by this
  private boolean isCompacting; // since the last request; guarded by this

  /// @param bytesPerSecondMax most bytes read and written in a second, 0 is no limit
  /// @param operationsPerSecondMax most reads and writes of 256 KiB in a second, 0 is no limit
  public Throttle(Clock clock, long bytesPerSecondMax, long operationsPerSecondMax) {
    this.clock = clock;
    ceilings(bytesPerSecondMax, operationsPerSecondMax);
  }

  /// Sets the ceilings from now on, and forgets what is owed to the old ones.
  ///
  /// @param bytesPerSecondMax most bytes read and written in a second, 0 is no limit
  /// @param operationsPerSecondMax most reads and writes of 256 KiB in a second, 0 is no limit
  public final synchronized void ceilings(long bytesPerSecondMax, long operationsPerSecondMax) {
    double byBytes = bytesPerSecondMax == 0 ? 0 : NANOS_PER_SECOND / bytesPerSecondMax;
    double byOperations =
        operationsPerSecondMax == 0
            ? 0
            : NANOS_PER_SECOND / ((double) operationsPerSecondMax * OPERATION_BYTES);
    nanosPerByteMin = Math.max(byBytes, byOperations);
    flushesFreeAt = clock.nanoTime();
    requestedFreeAt = flushesFreeAt;
    allFreeAt = flushesFreeAt;
  }

  /// Says how urgent compactions are: 0 not at all, 1 and more: writers are being slowed down.
  public void urgency(double urgency) {
    share = Math.min(1, Math.max(SHARE_MIN, 2 * urgency));
  }

  /// How long a flush that has just read and written so many bytes must wait, in nanoseconds.
  public long flushed(long bytes) {
    if (nanosPerByteMin == 0) {
      return 0;
    }
    synchronized (this) {
      long now = clock.nanoTime();
      long nanos = (long) (bytes * nanosPerByteMin);
      flushesFreeAt = later(flushesFreeAt, now) + nanos;
      requestedFreeAt = later(requestedFreeAt, now) + nanos;
      allFreeAt = later(allFreeAt, now) + nanos;
      return flushesFreeAt - now;
    }
  }

  /// How long a bulk load or backup that has just read and written so many bytes must wait, in
  /// nanoseconds.
  public long requested(long bytes) {
    if (nanosPerByteMin == 0) {
      return 0;
    }
    synchronized (this) {
      long now = clock.nanoTime();
      double nanos = bytes * nanosPerByteMin;
      double part = isCompacting ? Math.max(REQUESTED_SHARE_MIN, 1 - share) : 1;
      isCompacting &= bytes == 0;
      requestedFreeAt = later(requestedFreeAt, now) + (long) (nanos / part);
      allFreeAt = later(allFreeAt, now) + (long) nanos;
      return requestedFreeAt - now;
    }
  }

  /// How long a compaction that has just read and written so many bytes must wait, in nanoseconds.
  public long compacted(long bytes) {
    if (nanosPerByteMin == 0) {
      return 0;
    }
    synchronized (this) {
      isCompacting = true;
      long now = clock.nanoTime();
      allFreeAt = later(allFreeAt, now) + (long) (bytes * nanosPerByteMin / share);
      return allFreeAt - now;
    }
  }

  private static long later(long time, long now) {
    return time - now > 0 ? time : now;
  }
}
