package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.base.Varint;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import java.lang.foreign.MemorySegment;

/// Point reads in a data block, in place: no key is put together, no object made.
///
/// The tags of all entries are compared, 8 at a time, with the key's; a match names an entry. From
/// its restart point on, `matched` counts how many bytes of the wanted key the entry before has
/// from the left. An entry that shares more than `matched` bytes with its predecessor differs from
/// the wanted key where that did; one that shares fewer sorts after it.
final class DataBlockSearch {
  /// Answer when the block is malformed.
  static final int MALFORMED = -1;

  /// Answer when the entry given belongs to another key.
  static final int OTHER_KEY = -2;

  /// Answer when the row found does not have its sum.
  static final int WRONG_SUM = -3;

  /// To be found by its tag.
  static final int ANY_ENTRY = -1;

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long LOW_SEVEN_BITS = 0x7f7f7f7f7f7f7f7fL;

  private DataBlockSearch() {}

  /// Finds the newest version of the key that `snapshot` sees and answers through `out`, which
  /// takes over the pin if there is a value. Returns the state of `out`, or `MALFORMED`,
  /// `OTHER_KEY` or `WRONG_SUM`.
  ///
  /// @param entry the first of the key in this block, if it is here, or `ANY_ENTRY`
  static int get(
      PinnedBlock block,
      int entry,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    MemorySegment segment = block.segment();
    long base = block.base();
    int blockBytes = block.length();
    if (blockBytes < DataBlockLayout.COMMON_OFFSET) {
      return MALFORMED;
    }
    int count = DataBlockLayout.count(segment, base);
    int common = DataBlockLayout.commonLength(segment, base);
    long sequenceAndShift = DataBlockLayout.sequenceAndShift(segment, base);
    int shift = DataBlockLayout.restartShift(sequenceAndShift);
    int restarts = DataBlockLayout.restarts(count, shift);
    long commonAt = base + DataBlockLayout.COMMON_OFFSET;
    long tags = commonAt + common;
    long keysAt = tags + DataBlockLayout.searchBytes(count, restarts, sequenceAndShift);
    int valuesOffset = DataBlockLayout.valuesOffset(segment, base);
    long keysEnd = base + valuesOffset;
    if (keysAt >= keysEnd || valuesOffset > blockBytes - DataBlockLayout.VALUES_BYTES_MIN) {
      return MALFORMED;
    }
    if (length < common || !KeyBytes.equal(key, offset, segment, commonAt, common)) {
      out.absent();
      return entry == ANY_ENTRY ? Lookup.ABSENT : OTHER_KEY;
    }
    if (entry != ANY_ENTRY) {
      if (entry >= count) {
        return MALFORMED;
      }
      return getAt(
          block,
          entry,
          count,
          sequenceAndShift,
          tags + count,
          keysAt,
          keysEnd,
          key,
          offset + common,
          length - common,
          hash,
          snapshot,
          out);
    }
    long pattern = (DataBlockLayout.tag(hash) & 0xffL) * LOW_BITS;
    for (int first = 0; first < count; first += Long.BYTES) {
      long found = zeroBytes(segment.get(Layouts.LE_LONG, tags + first) ^ pattern);
      while (found != 0) {
        int ordinal = first + (Long.numberOfTrailingZeros(found) >>> 3);
        if (ordinal >= count) {
          break;
        }
        int state =
            getAt(
                block,
                ordinal,
                count,
                sequenceAndShift,
                tags + count,
                keysAt,
                keysEnd,
                key,
                offset + common,
                length - common,
                hash,
                snapshot,
                out);
        if (state != OTHER_KEY) {
          return state;
        }
        found &= found - 1;
      }
    }
    out.absent();
    return Lookup.ABSENT;
  }

  /// Ordinal of the first entry with a tag; `count` or more if there is none.
  static int firstWithTag(MemorySegment segment, long tags, int count, byte tag) {
    long pattern = (tag & 0xffL) * LOW_BITS;
    for (int first = 0; first < count; first += Long.BYTES) {
      long found = zeroBytes(segment.get(Layouts.LE_LONG, tags + first) ^ pattern);
      if (found != 0) {
        return first + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    return count;
  }

  /// The high bit of each byte that is zero, exact for all bytes.
  private static long zeroBytes(long word) {
    return ~(((word & LOW_SEVEN_BITS) + LOW_SEVEN_BITS) | word | LOW_SEVEN_BITS);
  }

  /// Looks at entry `wanted` and, if it is the first version of the key, at the versions behind it.
  private static int getAt(
      PinnedBlock block,
      int wanted,
      int count,
      long sequenceAndShift,
      long restartsAt,
      long keysAt,
      long keysEnd,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    MemorySegment segment = block.segment();
    long blockEnd = block.base() + block.length();
    int shift = DataBlockLayout.restartShift(sequenceAndShift);
    int restarts = DataBlockLayout.restarts(count, shift);
    long restartAt = restartsAt + (long) (wanted >>> shift) * Short.BYTES;
    long at = keysAt + (segment.get(Layouts.LE_SHORT, restartAt) & 0xffff);
    long valueAt =
        keysEnd
            + (segment.get(Layouts.LE_SHORT, restartAt + (long) restarts * Short.BYTES) & 0xffff);
    int matched = 0;
    int entryLength = 0;
    for (int ordinal = wanted >>> shift << shift; ordinal < count; ordinal++) {
      if (at >= keysEnd) {
        return MALFORMED;
      }
      long word = segment.get(Layouts.LE_LONG, at);
      int shared;
      int unshared;
      int valueLength;
      int metaBytes;
      if ((word & DataBlockLayout.LONG_LENGTHS_MASK) == 0) {
        shared = (int) word & 0x7f;
        unshared = (int) (word >>> 8) & 0x7f;
        valueLength = (int) (word >>> 16) & 0x7f;
        metaBytes = DataBlockLayout.metaBytesAfterLengths(word);
        at += 3;
      } else {
        long read = Varint.readInt(segment, at, keysEnd);
        if (read == Varint.MALFORMED) {
          return MALFORMED;
        }
        shared = Varint.value(read);
        at += Varint.sizeOfRead(read);
        read = Varint.readInt(segment, at, keysEnd);
        if (read == Varint.MALFORMED) {
          return MALFORMED;
        }
        unshared = Varint.value(read);
        at += Varint.sizeOfRead(read);
        read = Varint.readInt(segment, at, keysEnd);
        if (read == Varint.MALFORMED) {
          return MALFORMED;
        }
        valueLength = Varint.value(read);
        at += Varint.sizeOfRead(read);
        metaBytes = 0;
      }
      if (at >= keysEnd) {
        return MALFORMED;
      }
      if (metaBytes == 0) {
        metaBytes = DataBlockLayout.metaBytes(segment.get(Layouts.LE_LONG, at));
        if (metaBytes == 0) {
          metaBytes = Varint.sizeAt(segment, at, keysEnd);
          if (metaBytes == 0) {
            return MALFORMED;
          }
        }
      }
      long metaAt = at;
      at += metaBytes;
      if (shared > entryLength || unshared > keysEnd - at || valueLength > blockEnd - valueAt) {
        return MALFORMED;
      }
      entryLength = shared + unshared;
      if (shared <= matched) {
        matched = shared;
        int comparable = Math.min(unshared, length - shared);
        matched += KeyBytes.mismatch(key, offset + shared, segment, at, comparable);
      }
      at += unshared;
      if (ordinal >= wanted) {
        if (matched != length || entryLength != length) {
          return ordinal == wanted ? OTHER_KEY : absent(out);
        }
        long meta =
            metaBytes <= Long.BYTES
                ? DataBlockLayout.meta(segment.get(Layouts.LE_LONG, metaAt), metaBytes)
                : Varint.readLong(segment, metaAt, metaBytes);
        long trailer =
            DataBlockLayout.trailer(meta, DataBlockLayout.baseSequence(sequenceAndShift));
        long sequence = InternalKey.sequence(trailer);
        if (sequence <= snapshot) {
          if (DataBlockLayout.hasRowSums(sequenceAndShift)
              && RowSum.stored(segment, keysAt, count, ordinal)
                  != RowSum.of(hash, trailer, segment, valueAt, valueLength)) {
            return WRONG_SUM;
          }
          return answer(block, InternalKey.kind(trailer), sequence, valueAt, valueLength, out);
        }
      }
      valueAt += valueLength;
    }
    return absent(out);
  }

  private static int absent(Lookup out) {
    out.absent();
    return Lookup.ABSENT;
  }

  /// Answers with one row, whose pin `out` takes over from `block` if there is a value.
  static int answer(
      PinnedBlock block, byte kind, long sequence, long valueAt, int valueLength, Lookup out) {
    if (kind == ValueKind.PUT) {
      out.found(sequence, block.segment(), valueAt, valueLength, block.owner(), block.token());
      block.detach();
      return Lookup.FOUND;
    }
    if (kind == ValueKind.DELETE) {
      out.deleted(sequence);
      return Lookup.DELETED;
    }
    if (kind == ValueKind.PUT_EXPIRING && valueLength >= ExpiringValue.HEADER_BYTES) {
      out.found(sequence, block.segment(), valueAt, valueLength, block.owner(), block.token());
      block.detach();
      out.expires();
      return Lookup.EXPIRING;
    }
    return MALFORMED;
  }
}
