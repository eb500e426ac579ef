package io.atlaskv.redis.command;

import java.util.concurrent.atomic.AtomicLongArray;

/// Counts durations in buckets that are a sixteenth of their value wide, so what it says of one is
/// at most 7 % too much.
public final class LatencyHistogram {
  private static final int PRECISION_BITS = 4;
  private static final int PER_OCTAVE = 1 << PRECISION_BITS;
  private static final int OCTAVES = 40; // to 18 minutes
  private static final int BUCKETS = OCTAVES * PER_OCTAVE;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  /// Only one thread may add.
  void add(long nanos, long count) {
    int bucket = bucket(nanos);
    counts.setOpaque(bucket, counts.getPlain(bucket) + count);
  }

  void add(LatencyHistogram other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts.setOpaque(i, counts.getPlain(i) + other.counts.getOpaque(i));
    }
  }

  private static int bucket(long nanos) {
    if (nanos < PER_OCTAVE) {
      return (int) Math.max(0, nanos);
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - PRECISION_BITS;
    int within = (int) (nanos >>> octave) - PER_OCTAVE;
    return Math.min((octave + 1) * PER_OCTAVE + within, BUCKETS - 1);
  }

  /// The longest duration of a bucket.
  private static long upper(int bucket) {
    if (bucket < PER_OCTAVE) {
      return bucket;
    }
    int octave = bucket / PER_OCTAVE - 1;
    return ((long) (bucket % PER_OCTAVE + PER_OCTAVE + 1) << octave) - 1;
  }

  public long count() {
    return countUpTo(Long.MAX_VALUE);
  }

  /// How many took at most so long.
  public long countUpTo(long nanos) {
    long sum = 0;
    for (int i = 0; i < BUCKETS && upper(i) <= nanos; i++) {
      sum += counts.getOpaque(i);
    }
    return sum;
  }

  /// The duration that so many percent did not exceed.
  public long percentile(double percent) {
    long wanted = Math.max(1, (long) Math.ceil(count() * percent / 100));
    long sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      sum += counts.getOpaque(i);
      if (sum >= wanted) {
        return upper(i);
      }
    }
    return 0;
  }
}
