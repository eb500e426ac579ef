package io.atlaskv.bench.engine;

/// Counts of latencies in nanoseconds, exact to 1/32. Not thread-safe.
public final class LatencyHistogram {
  private static final int SUB_BITS = 5;
  private static final int SUB_COUNT = 1 << SUB_BITS;

  private final long[] counts = new long[Long.SIZE * SUB_COUNT];
  private long total;

  public void record(long nanos) {
    counts[index(Math.max(0, nanos))]++;
    total++;
  }

  public void add(LatencyHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /// The least value that so many per cent of all do not exceed; 0 if nothing was recorded.
  public long percentile(double percent) {
    long wanted = (long) Math.ceil(total * percent / 100);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && counts[i] > 0) {
        return highest(i);
      }
    }
    return 0;
  }

  private static int index(long value) {
    if (value < SUB_COUNT) {
      return (int) value;
    }
    int shift = Long.SIZE - Long.numberOfLeadingZeros(value) - SUB_BITS - 1;
    return (shift + 1) * SUB_COUNT + (int) (value >>> shift) - SUB_COUNT;
  }

  private static long highest(int index) {
    if (index < SUB_COUNT) {
      return index;
    }
    int shift = index / SUB_COUNT - 1;
    return ((index % SUB_COUNT + SUB_COUNT + 1L) << shift) - 1;
  }
}
