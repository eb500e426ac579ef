package io.atlaskv.redis.data;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/// How often keys are used, as Redis counts it: a counter up to 255 that grows more slowly the
/// larger it is and loses one each minute without use (`lfu-log-factor`, `lfu-decay-time`).
///
/// Of a bounded number of keys: what is used takes the place of another key with the same place. A
/// key that has none counts as a new one that was not used since it was written.
///
/// ```
/// bits 63..32  tag of the key   31..8  minutes since the start   7..0  counter
/// ```
///
/// Source: https://redis.io/docs/latest/develop/reference/eviction/#the-new-lfu-mode
public final class AccessFrequencies implements KeyUse {
  static final int FIRST = 5;
  static final int MOST = 255;

  private static final int PLACES = 1 << 18;
  private static final long TAG_MASK = 0xffff_ffff_0000_0000L;
  private static final int COUNTER_BITS = 8;
  private static final int MINUTES_MASK = (1 << 24) - 1;
  private static final long MILLIS_PER_MINUTE = 60_000;

  private final AtomicLongArray places = new AtomicLongArray(PLACES);
  private final long startMillis;
  private volatile long logFactor = 10;
  private volatile long decayMinutes = 1;

  public AccessFrequencies(long nowMillis) {
    startMillis = nowMillis;
  }

  /// How fast counters grow and decay from now on.
  public void tune(long newLogFactor, long newDecayMinutes) {
    logFactor = newLogFactor;
    decayMinutes = newDecayMinutes;
  }

  @Override
  public void used(long hash, long nowMillis) {
    int place = place(hash);
    long entry = places.getOpaque(place);
    long minutes = minutes(nowMillis);
    int counter = isOf(entry, hash) ? decayed(entry, minutes) : FIRST;
    if (counter < MOST) {
      double chance = 1.0 / (Math.max(0, counter - FIRST) * (double) logFactor + 1);
      counter += ThreadLocalRandom.current().nextDouble() < chance ? 1 : 0;
    }
    places.setOpaque(place, (hash & TAG_MASK) | minutes << COUNTER_BITS | counter);
  }

  /// The counter of a key that was last written at `writtenMillis`.
  public int frequency(long hash, long writtenMillis, long nowMillis) {
    long entry = places.getOpaque(place(hash));
    long minutes = minutes(nowMillis);
    if (isOf(entry, hash)) {
      return decayed(entry, minutes);
    }
    return decayed(FIRST, minutes - minutes(writtenMillis));
  }

  private int decayed(long entry, long minutes) {
    int counter = (int) (entry & MOST);
    return decayed(counter, minutes - ((entry & ~TAG_MASK) >>> COUNTER_BITS));
  }

  private int decayed(int counter, long idleMinutes) {
    long time = decayMinutes;
    return time == 0 ? counter : (int) Math.max(0, counter - Math.max(0, idleMinutes) / time);
  }

  private long minutes(long nowMillis) {
    return Math.max(0, nowMillis - startMillis) / MILLIS_PER_MINUTE & MINUTES_MASK;
  }

  /// An empty place is nobody's: counters start above 0, and 0 with minute 0 is only reached there.
  private static boolean isOf(long entry, long hash) {
    return entry != 0 && ((entry ^ hash) & TAG_MASK) == 0;
  }

  private static int place(long hash) {
    return (int) (hash & PLACES - 1);
  }
}
