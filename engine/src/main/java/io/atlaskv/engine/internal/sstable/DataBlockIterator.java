package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.base.Varint;
import io.atlaskv.engine.internal.iterator.Position;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Walks over one data block after the other, in place; keys are put together in a heap array.
///
/// Invariants:
/// - B1: while valid, `keyBuffer[0, keyLength)` is the key of entry `ordinal`, and `nextAt` is
///   where entry `ordinal + 1` starts.
/// - B2: nothing outside `[base, base + blockBytes)` is read, whatever the bytes are.
final class DataBlockIterator extends Position {
  /// Bytes behind the key that copies may overwrite.
  private static final int SLACK = Long.BYTES;

  private static final int SHORT_COPY_MAX = 64;

  private final String file;
  private final boolean passesOver;
  private long base;
  private long fileOffset;
  private long blockEnd;
  private long keysAt;
  private long keysEnd;
  private long restartOffsetsAt;
  private long restartPrefixesAt;
  private long baseSequence;
  private int count;
  private int restarts;
  private int shift;
  private int commonLength;
  private boolean hasRowSums;

  private int ordinal = -1;
  private long nextAt;
  private int shared;

  /// @param file plain name, for messages
  DataBlockIterator(String file) {
    this(file, false);
  }

  private DataBlockIterator(String file, boolean passesOver) {
    this.file = file;
    this.passesOver = passesOver;
    keyBuffer = new byte[128];
  }

  /// One that stands on rows without their sum as on others, and tells them by `isIntact`.
  static DataBlockIterator ofDamaged(String file) {
    return new DataBlockIterator(file, true);
  }

  /// Goes over to another block, standing nowhere in it.
  ///
  /// @param offsetInFile where the block comes from, for messages
  void reset(MemorySegment blockSegment, long blockBase, int blockBytes, long offsetInFile) {
    clear();
    fileOffset = offsetInFile;
    if (blockBytes < DataBlockLayout.COMMON_OFFSET) {
      throw malformed("block of " + blockBytes + " bytes");
    }
    int newCount = DataBlockLayout.count(blockSegment, blockBase);
    long sequenceAndShift = DataBlockLayout.sequenceAndShift(blockSegment, blockBase);
    int valuesOffset = DataBlockLayout.valuesOffset(blockSegment, blockBase);
    base = blockBase;
    blockEnd = blockBase + blockBytes;
    commonLength = DataBlockLayout.commonLength(blockSegment, blockBase);
    shift = DataBlockLayout.restartShift(sequenceAndShift);
    baseSequence = DataBlockLayout.baseSequence(sequenceAndShift);
    restarts = DataBlockLayout.restarts(newCount, shift);
    hasRowSums = DataBlockLayout.hasRowSums(sequenceAndShift);
    long commonAt = base + DataBlockLayout.COMMON_OFFSET;
    restartOffsetsAt = commonAt + commonLength + newCount;
    restartPrefixesAt = restartOffsetsAt + 2L * restarts * Short.BYTES;
    keysAt = commonAt + commonLength;
    keysAt += DataBlockLayout.searchBytes(newCount, restarts, sequenceAndShift);
    keysEnd = base + valuesOffset;
    if (newCount == 0
        || keysAt >= keysEnd
        || valuesOffset > blockBytes - DataBlockLayout.VALUES_BYTES_MIN) {
      throw malformed("parts do not fit: values at " + valuesOffset + " of " + blockBytes);
    }
    valueSegment = blockSegment;
    count = newCount;
    ensureKeyRoom(commonLength);
    MemorySegment.copy(valueSegment, Layouts.BYTE, commonAt, keyBuffer, 0, commonLength);
  }

  /// Forgets the block.
  void clear() {
    valueSegment = MemorySegment.NULL;
    count = 0;
    leave();
  }

  /// Stands nowhere from now on.
  private void leave() {
    isValid = false;
    ordinal = -1;
  }

  /// What point reads find the entry by.
  byte tag() {
    return valueSegment.get(
        Layouts.BYTE, base + DataBlockLayout.COMMON_OFFSET + commonLength + ordinal);
  }

  void seekToFirst() {
    toRestart(0);
    next();
  }

  void seekToLast() {
    toOrdinal(count - 1);
  }

  /// To the entry that `random` chooses; invalid if there is none.
  void seekToAny(long random) {
    if (count == 0) {
      leave();
    } else {
      toOrdinal((int) Long.remainderUnsigned(random, count));
    }
  }

  /// Moves on; invalid behind the last entry.
  void next() {
    if (ordinal + 1 >= count) {
      leave();
      return;
    }
    parseNext();
    requireSum();
  }

  /// Moves back; invalid before the first entry.
  void prev() {
    if (ordinal <= 0) {
      leave();
      return;
    }
    toOrdinal(ordinal - 1);
  }

  /// First entry whose user key is at or after the target; invalid if there is none.
  void seek(byte[] key, int offset, int length) {
    find(key, offset, length);
    if (isValid) {
      requireSum();
    }
  }

  private void find(byte[] key, int offset, int length) {
    int order = compareWithCommon(key, offset, length);
    if (order < 0) {
      toRestart(0);
      parseNext();
      return;
    }
    if (order > 0) {
      leave();
      return;
    }
    int restOffset = offset + commonLength;
    int restLength = length - commonLength;
    toRestart(Math.max(0, lowerBound(key, restOffset, restLength) - 1));
    int matched = 0;
    do {
      parseNext();
      if (shared < matched) {
        return; // differs from the target earlier than the smaller entry before it: is greater
      }
      if (shared == matched) {
        int unshared = keyLength - commonLength - shared;
        int comparable = Math.min(unshared, restLength - shared);
        matched +=
            KeyBytes.mismatch(
                key, restOffset + shared, keyBuffer, commonLength + shared, comparable);
        if (matched == restLength) {
          return;
        }
        if (matched < keyLength - commonLength
            && (keyBuffer[commonLength + matched] & 0xff) > (key[restOffset + matched] & 0xff)) {
          return;
        }
      }
    } while (ordinal + 1 < count);
    leave();
  }

  /// Last entry whose user key is at or before the target; invalid if there is none.
  void seekForPrev(byte[] key, int offset, int length) {
    seek(key, offset, length);
    while (isValid && isKey(key, offset, length)) {
      next();
    }
    if (isValid) {
      prev();
    } else {
      seekToLast();
    }
  }

  private boolean isKey(byte[] key, int offset, int length) {
    return keyLength == length && KeyBytes.equal(key, offset, keyBuffer, 0, length);
  }

  /// Order of the target and all keys of the block, as far as the common prefix tells; 0 if the
  /// target has that prefix.
  private int compareWithCommon(byte[] key, int offset, int length) {
    int comparable = Math.min(length, commonLength);
    int matched = KeyBytes.mismatch(key, offset, keyBuffer, 0, comparable);
    if (matched == commonLength) {
      return 0;
    }
    if (matched == length) {
      return -1;
    }
    return (key[offset + matched] & 0xff) - (keyBuffer[matched] & 0xff);
  }

  /// Index of the first restart point whose key is at or after the rest of the target.
  private int lowerBound(byte[] key, int offset, int length) {
    long prefix = KeyBytes.prefix8(key, offset, length);
    int low = 0;
    int high = restarts;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long restartPrefix =
          valueSegment.get(Layouts.LE_LONG, restartPrefixesAt + (long) middle * Long.BYTES);
      int order = Long.compareUnsigned(restartPrefix, prefix);
      if (order == 0) {
        order = compareRestart(middle, key, offset, length);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compareRestart(int restart, byte[] key, int offset, int length) {
    toRestart(restart);
    parseNext();
    return KeyBytes.compare(keyBuffer, commonLength, keyLength - commonLength, key, offset, length);
  }

  private void toOrdinal(int target) {
    toRestart(target >>> shift);
    do {
      parseNext();
    } while (ordinal < target);
    requireSum();
  }

  private void toRestart(int restart) {
    ordinal = (restart << shift) - 1;
    keyLength = commonLength;
    long at = restartOffsetsAt + (long) restart * Short.BYTES;
    nextAt = keysAt + (valueSegment.get(Layouts.LE_SHORT, at) & 0xffff);
    valueOffset =
        keysEnd + (valueSegment.get(Layouts.LE_SHORT, at + (long) restarts * Short.BYTES) & 0xffff);
    valueLength = 0;
  }

  /// Reads the key at `nextAt` (B1, B2).
  private void parseNext() {
    long at = nextAt;
    if (at >= keysEnd) {
      throw malformed("entry " + (ordinal + 1) + " starts outside");
    }
    long word = valueSegment.get(Layouts.LE_LONG, at);
    int newShared;
    int unshared;
    int newValueLength;
    if ((word & DataBlockLayout.LONG_LENGTHS_MASK) == 0) {
      newShared = (int) word & 0x7f;
      unshared = (int) (word >>> 8) & 0x7f;
      newValueLength = (int) (word >>> 16) & 0x7f;
      at += 3;
    } else {
      long read = readInt(at);
      newShared = Varint.value(read);
      at += Varint.sizeOfRead(read);
      read = readInt(at);
      unshared = Varint.value(read);
      at += Varint.sizeOfRead(read);
      read = readInt(at);
      newValueLength = Varint.value(read);
      at += Varint.sizeOfRead(read);
    }
    at = parseMeta(at, newValueLength);
    long newValueOffset = valueOffset + valueLength;
    if (newShared > keyLength - commonLength
        || unshared > keysEnd - at
        || newValueLength > blockEnd - newValueOffset
        || commonLength + newShared + unshared > InternalKey.USER_KEY_BYTES_MAX) {
      throw malformed("entry " + (ordinal + 1) + " has impossible lengths");
    }
    int keyAt = commonLength + newShared;
    isOlderVersion =
        keyAt + unshared == keyLength
            && (unshared == 0 || (newShared == 0 && isKeptBy(at, keyAt, unshared)));
    ensureKeyRoom(keyAt + unshared);
    copyKeyBytes(at, keyAt, unshared);
    shared = newShared;
    keyLength = keyAt + unshared;
    valueOffset = newValueOffset;
    valueLength = newValueLength;
    nextAt = at + unshared;
    ordinal++;
    isValid = true;
  }

  /// Whether the key's bytes are already those of an entry that shares none of them: a restart
  /// point, as others share all they can.
  private boolean isKeptBy(long at, int keyAt, int length) {
    return KeyBytes.equal(keyBuffer, keyAt, valueSegment, at, length);
  }

  /// Compares the row that a move ended on with its sum, if there is one. Rows that a move only
  /// passes are not looked at.
  private void requireSum() {
    if (hasRowSums && !passesOver && !isIntact()) {
      throw new CorruptionException(file, fileOffset, RowSum.damage(keyBuffer, keyLength, trailer));
    }
  }

  /// Whether there are row sums, so that `isIntact` means anything.
  boolean hasRowSums() {
    return hasRowSums;
  }

  /// Number of rows that the block says it has.
  int count() {
    return count;
  }

  /// Number of the current row.
  int ordinal() {
    return ordinal;
  }

  /// Moves to the first row at or behind `from` that can be read whatever stands before it; invalid
  /// if there is none.
  void seekToRestartFrom(int from) {
    int restart = (from + (1 << shift) - 1) >>> shift;
    if (restart >= restarts) {
      leave();
      return;
    }
    toRestart(restart);
    next();
  }

  /// Whether the current row has its sum.
  boolean isIntact() {
    long hash = TableReader.hash(keyBuffer, 0, keyLength);
    return RowSum.of(hash, trailer, valueSegment, valueOffset, valueLength)
        == RowSum.stored(valueSegment, keysAt, count, ordinal);
  }

  private long readInt(long at) {
    long read = Varint.readInt(valueSegment, at, keysEnd);
    if (read == Varint.MALFORMED) {
      throw malformed("entry " + (ordinal + 1) + " has a malformed length");
    }
    return read;
  }

  /// Reads trailer; returns where the key starts.
  private long parseMeta(long at, int newValueLength) {
    if (at >= keysEnd) {
      throw malformed("entry " + (ordinal + 1) + " is cut off");
    }
    long word = valueSegment.get(Layouts.LE_LONG, at);
    int bytes = DataBlockLayout.metaBytes(word);
    long meta;
    if (bytes != 0) {
      meta = DataBlockLayout.meta(word, bytes);
    } else {
      bytes = Varint.sizeAt(valueSegment, at, keysEnd);
      if (bytes == 0) {
        throw malformed("entry " + (ordinal + 1) + " has a malformed trailer");
      }
      meta = Varint.readLong(valueSegment, at, bytes);
    }
    trailer = DataBlockLayout.trailer(meta, baseSequence);
    byte kind = InternalKey.kind(trailer);
    if (kind != ValueKind.PUT
        && kind != ValueKind.DELETE
        && (kind != ValueKind.PUT_EXPIRING || newValueLength < ExpiringValue.HEADER_BYTES)) {
      throw malformed("entry " + (ordinal + 1) + " is of " + ValueKind.nameOf(kind));
    }
    return at + bytes;
  }

  /// Copies whole words: more than asked for is read, inside the block, and written, in the slack.
  private void copyKeyBytes(long at, int keyAt, int length) {
    if (length > SHORT_COPY_MAX) {
      MemorySegment.copy(valueSegment, Layouts.BYTE, at, keyBuffer, keyAt, length);
      return;
    }
    for (int i = 0; i < length; i += Long.BYTES) {
      ByteArrays.putLeLong(keyBuffer, keyAt + i, valueSegment.get(Layouts.LE_LONG, at + i));
    }
  }

  private void ensureKeyRoom(int length) {
    if (length + SLACK > keyBuffer.length) {
      keyBuffer = Arrays.copyOf(keyBuffer, 2 * (length + SLACK));
    }
  }

  private CorruptionException malformed(String detail) {
    return new CorruptionException(file, fileOffset, "malformed data block: " + detail);
  }
}
