package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.Varint;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Builds data blocks of the shape of `DataBlockLayout`, one after the other.
///
/// Entries are collected first and encoded by `finish`, because the prefix that all keys of the
/// block have in common is only known then.
final class DataBlockBuilder implements AutoCloseable {
  private static final int VALUES_BYTES_INITIAL = 8 << 10;
  private static final int ENTRY_HEAD_BYTES_MAX = 3 * Varint.INT_BYTES_MAX + Varint.LONG_BYTES_MAX;

  /// Bytes behind keys that copies may read and overwrite.
  private static final int SLACK = Long.BYTES;

  private static final int SHORT_COPY_MAX = 64;

  private final int restartShift;
  private final boolean hasRowSums;
  private final NativeBuffer values =
      new NativeBuffer(VALUES_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);

  private byte[] lastKey = new byte[64];
  private int lastKeyLength;
  private int commonLength;

  /// Of restart points the whole key, of other entries the bytes not shared.
  private byte[] keyBytes = new byte[4 << 10];

  private int keyBytesLength;
  private int count;
  private int[] shared = new int[64];
  private int[] unshared = new int[64];
  private int[] valueLengths = new int[64];
  private long[] trailers = new long[64];
  private byte[] tags = new byte[64];
  private int[] rowSums = new int[64];

  /// Sizes of all that does not depend on the common prefix, and of the restart points' keys.
  private long fixedBytes;

  private long restartKeyBytes;

  DataBlockBuilder(int restartShift, boolean hasRowSums) {
    this.restartShift = restartShift;
    this.hasRowSums = hasRowSums;
  }

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  byte[] lastKey() {
    return lastKey;
  }

  int lastKeyLength() {
    return lastKeyLength;
  }

  long lastTrailer() {
    return trailers[count - 1];
  }

  /// Adds an entry that sorts after the last one; false if the block is not empty and might become
  /// larger than `bytesMax`. `hash` is that of the key.
  boolean tryAdd(
      byte[] key,
      int keyLength,
      long trailer,
      long hash,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      int bytesMax) {
    boolean isRestart = isRestart(count);
    int sharedWithLast = count == 0 ? 0 : sharedWithLast(key, keyLength);
    int newShared = isRestart ? 0 : sharedWithLast;
    int newUnshared = keyLength - newShared;
    // keys ascend, so what this one has in common with the first it has with all between
    int newCommon = count == 0 ? commonMax(keyLength) : Math.min(commonLength, sharedWithLast);
    int restarts = DataBlockLayout.restarts(count + 1, restartShift);
    long newFixed = fixedBytes + fixedBytes(newShared, keyLength, trailer, valueLength);
    long newRestartKeys = restartKeyBytes;
    if (isRestart) {
      newRestartKeys += keyLength;
    } else {
      newFixed += newUnshared;
    }
    long bytes = // an upper bound
        (long) DataBlockLayout.COMMON_OFFSET
            + newCommon
            + DataBlockLayout.searchBytes(count + 1, restarts, flags())
            + newFixed
            + newRestartKeys
            - (long) restarts * newCommon
            + DataBlockLayout.VALUES_BYTES_MIN;
    if (count > 0 && bytes > bytesMax) {
      return false;
    }
    ensureRoom(keyLength);
    shared[count] = newShared;
    unshared[count] = newUnshared;
    valueLengths[count] = valueLength;
    trailers[count] = trailer;
    tags[count] = DataBlockLayout.tag(hash);
    if (hasRowSums) {
      rowSums[count] = RowSum.of(hash, trailer, value, valueOffset, valueLength);
    }
    System.arraycopy(key, newShared, keyBytes, keyBytesLength, newUnshared);
    keyBytesLength += newUnshared;
    commonLength = newCommon;
    fixedBytes = newFixed;
    restartKeyBytes = newRestartKeys;
    values.put(value, valueOffset, valueLength);
    System.arraycopy(key, 0, lastKey, 0, keyLength);
    lastKeyLength = keyLength;
    count++;
    return true;
  }

  /// What stands beside the restart shift.
  private long flags() {
    return hasRowSums ? DataBlockLayout.ROW_SUMS : 0;
  }

  private boolean isRestart(int ordinal) {
    return (ordinal & ((1 << restartShift) - 1)) == 0;
  }

  private int sharedWithLast(byte[] key, int keyLength) {
    return KeyBytes.mismatch(lastKey, 0, key, 0, Math.min(lastKeyLength, keyLength));
  }

  private static int commonMax(int keyLength) {
    return Math.min(keyLength, DataBlockLayout.COMMON_LENGTH_MAX);
  }

  private long fixedBytes(int newShared, int keyLength, long trailer, int valueLength) {
    long baseTrailer = count == 0 ? trailer : trailers[0];
    return (long) Varint.size(newShared)
        + Varint.size(keyLength - newShared)
        + Varint.size(valueLength)
        + Varint.size(metaOf(trailer, baseTrailer))
        + valueLength;
  }

  private static long metaOf(long trailer, long baseTrailer) {
    return DataBlockLayout.metaOf(
        InternalKey.sequence(trailer),
        InternalKey.kind(trailer),
        InternalKey.sequence(baseTrailer));
  }

  private void ensureRoom(int keyLength) {
    if (count == shared.length) {
      int capacity = 2 * count;
      shared = Arrays.copyOf(shared, capacity);
      unshared = Arrays.copyOf(unshared, capacity);
      valueLengths = Arrays.copyOf(valueLengths, capacity);
      trailers = Arrays.copyOf(trailers, capacity);
      tags = Arrays.copyOf(tags, capacity);
      rowSums = Arrays.copyOf(rowSums, capacity);
    }
    if (keyLength > lastKey.length) {
      lastKey = Arrays.copyOf(lastKey, 2 * keyLength);
    }
    if (keyBytesLength + keyLength + SLACK > keyBytes.length) {
      keyBytes = Arrays.copyOf(keyBytes, 2 * (keyBytesLength + keyLength + SLACK));
    }
  }

  /// Appends the block to `target` and starts a new, empty one.
  void finish(NativeBuffer target) {
    int start = target.length();
    int restarts = DataBlockLayout.restarts(count, restartShift);
    long baseSequence = InternalKey.sequence(trailers[0]);
    target.putShort((short) count);
    target.putShort((short) commonLength);
    target.putInt(0); // offset of the values, not known yet
    target.putLong(flags() | (long) restartShift << SequenceNumber.BITS | baseSequence);
    target.put(lastKey, 0, commonLength);
    target.put(tags, 0, count);
    int keyOffsetsAt = target.reserve(restarts * Short.BYTES);
    int valueOffsetsAt = target.reserve(restarts * Short.BYTES);
    putRestartPrefixes(target);
    if (hasRowSums) {
      for (int i = 0; i < count; i++) {
        target.putInt(rowSums[i]);
      }
    }
    putKeys(target, baseSequence, keyOffsetsAt, valueOffsetsAt);
    target.patchInt(start + DataBlockLayout.VALUES_OFFSET_OFFSET, target.length() - start);
    target.put(values.segment(), 0, values.length());
    for (int i = values.length(); i < DataBlockLayout.VALUES_BYTES_MIN; i++) {
      target.putByte((byte) 0);
    }
    clear();
  }

  private void putKeys(
      NativeBuffer target, long baseSequence, int keyOffsetsAt, int valueOffsetsAt) {
    target.ensureRoom(keyBytesLength + count * ENTRY_HEAD_BYTES_MAX + SLACK);
    MemorySegment out = target.segment();
    int keysStart = target.length();
    long at = keysStart;
    int keyAt = 0;
    int valueAt = 0;
    for (int i = 0; i < count; i++) {
      boolean isRestart = isRestart(i);
      if (isRestart) {
        int restartAt = (i >>> restartShift) * Short.BYTES;
        target.patchShort(keyOffsetsAt + restartAt, (short) (at - keysStart));
        target.patchShort(valueOffsetsAt + restartAt, (short) valueAt);
      }
      int skipped = isRestart ? commonLength : 0; // of the bytes that are not shared
      int newShared = isRestart ? 0 : shared[i] - commonLength;
      int newUnshared = unshared[i] - skipped;
      at = putLengths(out, at, newShared, newUnshared, valueLengths[i]);
      byte kind = InternalKey.kind(trailers[i]);
      long meta = DataBlockLayout.metaOf(InternalKey.sequence(trailers[i]), kind, baseSequence);
      at += Varint.put(out, at, meta);
      copyKeyBytes(keyAt + skipped, out, at, newUnshared);
      at += newUnshared;
      keyAt += unshared[i];
      valueAt += valueLengths[i];
    }
    target.reserve((int) at - keysStart);
  }

  private static long putLengths(
      MemorySegment out, long start, int newShared, int newUnshared, int valueLength) {
    if ((newShared | newUnshared | valueLength) <= Varint.ONE_BYTE_MAX) { // as almost always
      int lengths = newShared | newUnshared << Byte.SIZE | valueLength << Short.SIZE;
      out.set(Layouts.LE_INT, start, lengths);
      return start + 3;
    }
    long at = start + Varint.put(out, start, newShared);
    at += Varint.put(out, at, newUnshared);
    return at + Varint.put(out, at, valueLength);
  }

  /// Copies whole words: more than asked for is read and written, in the slack.
  private void copyKeyBytes(int from, MemorySegment out, long at, int length) {
    if (length > SHORT_COPY_MAX) {
      MemorySegment.copy(keyBytes, from, out, Layouts.BYTE, at, length);
      return;
    }
    for (int i = 0; i < length; i += Long.BYTES) {
      out.set(Layouts.LE_LONG, at + i, ByteArrays.leLong(keyBytes, from + i));
    }
  }

  private void putRestartPrefixes(NativeBuffer target) {
    int keyAt = 0;
    for (int i = 0; i < count; i++) {
      if (isRestart(i)) {
        target.putLong(
            KeyBytes.prefix8(keyBytes, keyAt + commonLength, unshared[i] - commonLength));
      }
      keyAt += unshared[i];
    }
  }

  private void clear() {
    if (values.capacity() > 64 * VALUES_BYTES_INITIAL) {
      values.shrinkTo(VALUES_BYTES_INITIAL);
    }
    values.clear();
    count = 0;
    keyBytesLength = 0;
    fixedBytes = 0;
    restartKeyBytes = 0;
    commonLength = 0;
  }

  @Override
  public void close() {
    values.close();
  }
}
