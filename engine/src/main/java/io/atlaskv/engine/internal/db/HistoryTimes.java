package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.ByteArrays;
import java.util.Arrays;
import java.util.BitSet;

/// Which sequence was visible at which time: samples, both ascending. Immutable.
///
/// Kept in `SLOTS` rows of the store's own namespace, one a sample; rows without a sample are used
/// in turn:
///
/// ```
/// key    offset  size  field
///             0     5  NamespaceKey.system('h')
///             5     2  slot, little-endian
/// value       0     8  milliseconds since 1970, little-endian
///             8     8  sequence, little-endian
/// ```
final class HistoryTimes {
  /// So many samples at most.
  static final int SLOTS = 2048;

  static final int VALUE_BYTES = 2 * Long.BYTES;

  static final HistoryTimes NONE = new HistoryTimes(new long[0], new long[0], new int[0]);

  private final long[] millis;
  private final long[] sequences;
  private final int[] slots;

  private HistoryTimes(long[] millis, long[] sequences, int[] slots) {
    this.millis = millis;
    this.sequences = sequences;
    this.slots = slots;
  }

  /// Key of a row.
  static byte[] key(int slot) {
    return NamespaceKey.system('h', new byte[] {(byte) slot, (byte) (slot >> Byte.SIZE)});
  }

  /// Time of a row.
  static long millis(byte[] value) {
    return ByteArrays.leLong(value, 0);
  }

  /// Sequence of a row.
  static long sequence(byte[] value) {
    return ByteArrays.leLong(value, Long.BYTES);
  }

  /// Writes a row's value.
  static byte[] value(long millis, long sequence) {
    byte[] value = new byte[VALUE_BYTES];
    ByteArrays.putLeLong(value, 0, millis);
    ByteArrays.putLeLong(value, Long.BYTES, sequence);
    return value;
  }

  int count() {
    return millis.length;
  }

  long firstMillis() {
    return millis[0];
  }

  long lastMillis() {
    return millis[millis.length - 1];
  }

  /// The newest sample at or before a time; −1 if there is none.
  int before(long time) {
    int found = Arrays.binarySearch(millis, time);
    return found >= 0 ? found : -found - 2;
  }

  long sequence(int sample) {
    return sequences[sample];
  }

  /// With room for one more, which is newer. Samples of later times, from before the clock went
  /// back, and of the same time make place for it; if all slots are used then, the one that leaves
  /// the shortest gap, but never the oldest, which says what is kept.
  HistoryTimes withRoomAt(long time) {
    HistoryTimes kept = to(before(time - 1) + 1);
    return kept.count() < SLOTS ? kept : kept.without(kept.closest(time));
  }

  private int closest(long time) {
    int closest = 1;
    long shortest = Long.MAX_VALUE;
    for (int i = 1; i < millis.length; i++) {
      long gap = (i + 1 < millis.length ? millis[i + 1] : time) - millis[i - 1];
      if (gap < shortest) {
        shortest = gap;
        closest = i;
      }
    }
    return closest;
  }

  private HistoryTimes without(int sample) {
    HistoryTimes fewer = to(millis.length - 1);
    int moved = millis.length - 1 - sample;
    System.arraycopy(millis, sample + 1, fewer.millis, sample, moved);
    System.arraycopy(sequences, sample + 1, fewer.sequences, sample, moved);
    System.arraycopy(slots, sample + 1, fewer.slots, sample, moved);
    return fewer;
  }

  private HistoryTimes to(int count) {
    return new HistoryTimes(
        Arrays.copyOf(millis, count), Arrays.copyOf(sequences, count), Arrays.copyOf(slots, count));
  }

  /// The first slot without a sample from `from` on, or from the first on. There must be one.
  int freeSlot(int from) {
    var used = new BitSet(SLOTS);
    for (int slot : slots) {
      used.set(slot);
    }
    int free = used.nextClearBit(from);
    return free < SLOTS ? free : used.nextClearBit(0);
  }

  /// With one more, which is newer, in a free slot. Samples of later times and of the same time
  /// make place for it.
  HistoryTimes with(long time, long sequence, int slot) {
    int kept = before(time - 1) + 1;
    HistoryTimes more = to(kept + 1);
    more.millis[kept] = time;
    more.sequences[kept] = sequence;
    more.slots[kept] = slot;
    return more;
  }

  /// Without the oldest ones.
  HistoryTimes from(int sample) {
    return sample <= 0
        ? this
        : new HistoryTimes(
            Arrays.copyOfRange(millis, sample, millis.length),
            Arrays.copyOfRange(sequences, sample, sequences.length),
            Arrays.copyOfRange(slots, sample, slots.length));
  }
}
