package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
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

  private final int restartShift;
  private final NativeBuffer values =
      new NativeBuffer(VALUES_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);

  private byte[] lastKey = new byte[64];
  private int lastKeyLength;
  private byte[] firstKey = new byte[64];
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

  /// Sizes of all that does not depend on the common prefix, and of the restart points' keys.
  private long fixedBytes;

  private long restartKeyBytes;

  DataBlockBuilder(int restartShift) {
    this.restartShift = restartShift;
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
  /// larger than `bytesMax`. `tag` belongs to the key.
  boolean tryAdd(
      byte[] key,
      int keyLength,
      long trailer,
      byte tag,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      int bytesMax) {
    boolean isRestart = isRestart(count);
    int newShared = isRestart ? 0 : sharedWithLast(key, keyLength);
    int newUnshared = keyLength - newShared;
    int newCommon = count == 0 ? commonMax(keyLength) : newCommon(key, keyLength);
    int restarts = DataBlockLayout.restarts(count + 1, restartShift);
    long newFixed = fixedBytes + fixedBytes(newShared, keyLength, trailer, valueLength);
    long newRestartKeys = restartKeyBytes;
    if (isRestart) {
      newRestartKeys += keyLength;
    } else {
      newFixed += newUnshared;
    }
    long bytes = // an upper bound
        DataBlockLayout.keysOffset(count + 1, restarts, newCommon)
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
    tags[count] = tag;
    System.arraycopy(key, newShared, keyBytes, keyBytesLength, newUnshared);
    keyBytesLength += newUnshared;
    if (count == 0) {
      System.arraycopy(key, 0, firstKey, 0, keyLength);
    }
    commonLength = newCommon;
    fixedBytes = newFixed;
    restartKeyBytes = newRestartKeys;
    values.put(value, valueOffset, valueLength);
    System.arraycopy(key, 0, lastKey, 0, keyLength);
    lastKeyLength = keyLength;
    count++;
    return true;
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

  private int newCommon(byte[] key, int keyLength) {
    return KeyBytes.mismatch(firstKey, 0, key, 0, Math.min(commonLength, keyLength));
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
    }
    if (keyLength > lastKey.length) {
      lastKey = Arrays.copyOf(lastKey, 2 * keyLength);
    }
    if (keyLength > firstKey.length) {
      firstKey = Arrays.copyOf(firstKey, 2 * keyLength);
    }
    if (keyBytesLength + keyLength > keyBytes.length) {
      keyBytes = Arrays.copyOf(keyBytes, 2 * (keyBytesLength + keyLength));
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
    target.putLong((long) restartShift << SequenceNumber.BITS | baseSequence);
    target.put(firstKey, 0, commonLength);
    target.put(tags, 0, count);
    int keyOffsetsAt = target.reserve(restarts * Short.BYTES);
    int valueOffsetsAt = target.reserve(restarts * Short.BYTES);
    putRestartPrefixes(target);
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
    int keysStart = target.length();
    int keyAt = 0;
    int valueAt = 0;
    for (int i = 0; i < count; i++) {
      boolean isRestart = isRestart(i);
      if (isRestart) {
        int at = (i >>> restartShift) * Short.BYTES;
        target.patchShort(keyOffsetsAt + at, (short) (target.length() - keysStart));
        target.patchShort(valueOffsetsAt + at, (short) valueAt);
      }
      int skipped = isRestart ? commonLength : 0; // of the bytes that are not shared
      target.putVarint(isRestart ? 0 : shared[i] - commonLength);
      target.putVarint(unshared[i] - skipped);
      target.putVarint(valueLengths[i]);
      target.putVarint(
          DataBlockLayout.metaOf(
              InternalKey.sequence(trailers[i]), InternalKey.kind(trailers[i]), baseSequence));
      target.put(keyBytes, keyAt + skipped, unshared[i] - skipped);
      keyAt += unshared[i];
      valueAt += valueLengths[i];
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
