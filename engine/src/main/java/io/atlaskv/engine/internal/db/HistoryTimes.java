package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.ByteArrays;
import java.util.Arrays;

/// Which sequence was visible at which time: samples, both ascending. Immutable.
///
/// Kept in `SLOTS` rows of the store's own namespace, which are used in turn:
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
  static final int SLOTS = 1024;

  static final int VALUE_BYTES = 2 * Long.BYTES;

  static final HistoryTimes NONE = new HistoryTimes(new long[0], new long[0]);

  private final long[] millis;
  private final long[] sequences;

  private HistoryTimes(long[] millis, long[] sequences) {
    this.millis = millis;
    this.sequences = sequences;
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

  long lastSequence() {
    return sequences[sequences.length - 1];
  }

  /// The newest sample at or before a time; −1 if there is none.
  int before(long time) {
    int found = Arrays.binarySearch(millis, time);
    return found >= 0 ? found : -found - 2;
  }

  long sequence(int sample) {
    return sequences[sample];
  }

  /// With one more, which is newer. Samples of later times, from before the clock went back, and of
  /// the same time make place for it.
  HistoryTimes with(long time, long sequence) {
    int kept = before(time - 1) + 1;
    long[] moreMillis = Arrays.copyOf(millis, kept + 1);
    long[] moreSequences = Arrays.copyOf(sequences, kept + 1);
    moreMillis[kept] = time;
    moreSequences[kept] = sequence;
    return new HistoryTimes(moreMillis, moreSequences);
  }

  /// Without the oldest ones.
  HistoryTimes from(int sample) {
    return sample <= 0
        ? this
        : new HistoryTimes(
            Arrays.copyOfRange(millis, sample, millis.length),
            Arrays.copyOfRange(sequences, sample, sequences.length));
  }
}
