package io.atlaskv.engine.api;

import java.util.Arrays;
import java.util.Locale;

/// How often what took how long. Times are kept in classes of at most an eighth of their size.
public final class Histogram {
  private static final int CLASS_BITS = 3;
  private static final int CLASSES = 1 << CLASS_BITS; // of each power of two
  private static final int EXPONENT_MAX = 40; // a quarter of an hour

  /// Number of classes.
  public static final int SIZE = (EXPONENT_MAX - CLASS_BITS + 2) * CLASSES;

  private final long[] counts;
  private final long count;
  private final long totalNanos;

  /// @param counts number of times in each of the `SIZE` classes
  /// @param totalNanos sum of all times
  public Histogram(long[] counts, long totalNanos) {
    if (counts.length != SIZE) {
      throw new IllegalArgumentException("classes=" + counts.length);
    }
    this.counts = counts.clone();
    this.count = Arrays.stream(counts).sum();
    this.totalNanos = totalNanos;
  }

  /// The class of a time.
  public static int classOf(long nanos) {
    if (nanos < CLASSES) {
      return (int) Math.max(0, nanos);
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    if (exponent > EXPONENT_MAX) {
      return SIZE - 1;
    }
    int fraction = (int) (nanos >>> (exponent - CLASS_BITS)) & (CLASSES - 1);
    return (exponent - CLASS_BITS + 1) * CLASSES + fraction;
  }

  /// The longest time of a class.
  private static long longest(int index) {
    if (index < 2 * CLASSES) {
      return index;
    }
    int shift = index / CLASSES - 1;
    return ((CLASSES + index % CLASSES + 1L) << shift) - 1;
  }

  /// How many times were measured.
  public long count() {
    return count;
  }

  /// Their sum in nanoseconds.
  public long totalNanos() {
    return totalNanos;
  }

  /// The time, in nanoseconds, that a share of all do not exceed: 0.5 for the median, 1 for the
  /// longest; at most an eighth too much. 0 if nothing was measured.
  public long quantileNanos(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share=" + share);
    }
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long passed = 0;
    for (int i = 0; i < SIZE; i++) {
      passed += counts[i];
      if (passed >= wanted) {
        return longest(i);
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d times, p50 %.1f µs, p99 %.1f µs, longest %.1f µs",
        count,
        quantileNanos(0.5) / 1e3,
        quantileNanos(0.99) / 1e3,
        quantileNanos(1) / 1e3);
  }
}
