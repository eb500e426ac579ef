package io.atlaskv.redis.data;

import java.util.concurrent.atomic.AtomicLongArray;

/// When keys were last used, as far as it is known without a write for each read: OBJECT IDLETIME.
///
/// A write tells its time by its sequence: twice a second the last sequence is noted with the time,
/// so the sequence of a key's newest version says when it was written. TOUCH is noted, a few bits
/// for each key; plain reads only where keys are evicted by recency, so that they cost nothing.
///
/// What it says may be half a second too late, or too long ago: a plain read that was not noted, or
/// one whose place another key has taken. Of what was written before the start it says: at the
/// start.
public final class AccessTimes implements KeyUse {
  private static final int NOTES = 4096;
  private static final long PAUSE_MILLIS = 500;
  private static final int PLACES_FIRST = 1 << 16;
  private static final int PLACES_FOR_READS = 1 << 20;
  private static final long TAG_MASK = 0xffff_ffff_0000_0000L;

  private final long startMillis;
  private final long[] sequences = new long[NOTES];
  private final long[] millis = new long[NOTES];
  private int count;
  private volatile AtomicLongArray places = new AtomicLongArray(PLACES_FIRST);

  public AccessTimes(long nowMillis) {
    startMillis = nowMillis;
  }

  /// Everything up to `sequence` is written before `nowMillis`. To be called often; what comes too
  /// early is ignored. When the notes are full, every other one of the older half is forgotten.
  public synchronized void note(long sequence, long nowMillis) {
    if (count > 0 && (nowMillis < millis[count - 1] + PAUSE_MILLIS)) {
      return;
    }
    if (count == NOTES) {
      int kept = 0;
      for (int i = 0; i < NOTES; i++) {
        if (i >= NOTES / 2 || i % 2 == 1) {
          sequences[kept] = sequences[i];
          millis[kept++] = millis[i];
        }
      }
      count = kept;
    }
    sequences[count] = sequence;
    millis[count++] = nowMillis;
  }

  /// Plain reads will be told from now on: more keys are remembered.
  public synchronized void expectReads() {
    if (places.length() < PLACES_FOR_READS) {
      places = new AtomicLongArray(PLACES_FOR_READS);
    }
  }

  @Override
  public void used(long hash, long nowMillis) {
    long seconds = (nowMillis - startMillis) / 1000 + 1;
    AtomicLongArray all = places;
    all.setOpaque(place(all, hash), (hash & TAG_MASK) | (seconds & ~TAG_MASK));
  }

  /// When a key was last used, in ms since 1970.
  ///
  /// @param sequence of its newest version
  public long lastUse(long hash, long sequence, long nowMillis) {
    long written = written(sequence, nowMillis);
    AtomicLongArray all = places;
    long place = all.getOpaque(place(all, hash));
    boolean isNoted = (place & ~TAG_MASK) != 0 && ((place ^ hash) & TAG_MASK) == 0;
    return isNoted ? Math.max(written, startMillis + ((place & ~TAG_MASK) - 1) * 1000) : written;
  }

  /// When the version with this sequence was written: the time of the first note that has the
  /// sequence, which is at most a pause late.
  public synchronized long written(long sequence, long nowMillis) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sequences[middle] >= sequence) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == count ? nowMillis : millis[low];
  }

  private static int place(AtomicLongArray all, long hash) {
    return (int) (hash & all.length() - 1);
  }
}
