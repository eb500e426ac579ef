package io.atlaskv.engine.internal.sstable;

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

  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long LOW_SEVEN_BITS = 0x7f7f7f7f7f7f7f7fL;

  private DataBlockSearch() {}

  /// Finds the newest version of the key that `snapshot` sees and answers through `out`, which
  /// takes over the pin if there is a value. Returns the state of `out`, or `MALFORMED`.
  static int get(
      PinnedBlock block, byte[] key, int offset, int length, byte tag, long snapshot, Lookup out) {
    MemorySegment segment = block.segment();
    long base = block.base();
    int blockBytes = block.length();
    if (blockBytes < DataBlockLayout.ENTRIES_OFFSET) {
      return MALFORMED;
    }
    int count = DataBlockLayout.count(segment, base);
    int common = DataBlockLayout.commonLength(segment, base);
    int shift = DataBlockLayout.restartShift(segment, base);
    int restarts = DataBlockLayout.restarts(count, shift);
    long blockEnd = base + blockBytes;
    long tags = blockEnd - DataBlockLayout.tailBytes(count, restarts, common);
    if (count == 0 || tags < base + DataBlockLayout.ENTRIES_OFFSET) {
      return MALFORMED;
    }
    if (length < common || !KeyBytes.equal(key, offset, segment, blockEnd - common, common)) {
      out.absent();
      return Lookup.ABSENT;
    }
    long pattern = (tag & 0xffL) * LOW_BITS;
    for (int first = 0; first < count; first += Long.BYTES) {
      long difference = segment.get(Layouts.LE_LONG, tags + first) ^ pattern;
      // The high bit of each byte that is zero, exact for all bytes.
      long found =
          ~(((difference & LOW_SEVEN_BITS) + LOW_SEVEN_BITS) | difference | LOW_SEVEN_BITS);
      while (found != 0) {
        int ordinal = first + (Long.numberOfTrailingZeros(found) >>> 3);
        if (ordinal >= count) {
          break;
        }
        int state =
            getAt(
                block,
                ordinal,
                shift,
                tags,
                count,
                key,
                offset + common,
                length - common,
                snapshot,
                out);
        if (state != CONTINUE) {
          return state;
        }
        found &= found - 1;
      }
    }
    out.absent();
    return Lookup.ABSENT;
  }

  private static final int CONTINUE = -2;

  /// Looks at entry `wanted` and, if it is the first version of the key, at the versions behind it.
  private static int getAt(
      PinnedBlock block,
      int wanted,
      int shift,
      long entriesEnd,
      int count,
      byte[] key,
      int offset,
      int length,
      long snapshot,
      Lookup out) {
    MemorySegment segment = block.segment();
    long base = block.base();
    int restart = wanted >>> shift;
    long restartOffset =
        segment.get(Layouts.LE_SHORT, entriesEnd + count + (long) restart * Short.BYTES) & 0xffff;
    long at = base + restartOffset;
    int matched = 0;
    int entryLength = 0;
    for (int ordinal = restart << shift; ordinal < count; ordinal++) {
      if (at < base + DataBlockLayout.ENTRIES_OFFSET || at >= entriesEnd) {
        return MALFORMED;
      }
      long word = segment.get(Layouts.LE_LONG, at);
      int shared;
      int unshared;
      int valueLength;
      if ((word & DataBlockLayout.LONG_LENGTHS_MASK) == 0) {
        shared = (int) word & 0x7f;
        unshared = (int) (word >>> 8) & 0x7f;
        valueLength = (int) (word >>> 16) & 0x7f;
        at += 3;
      } else {
        long read = Varint.readInt(segment, at, entriesEnd);
        if (read == Varint.MALFORMED) {
          return MALFORMED;
        }
        shared = Varint.value(read);
        at += Varint.sizeOfRead(read);
        read = Varint.readInt(segment, at, entriesEnd);
        if (read == Varint.MALFORMED) {
          return MALFORMED;
        }
        unshared = Varint.value(read);
        at += Varint.sizeOfRead(read);
        read = Varint.readInt(segment, at, entriesEnd);
        if (read == Varint.MALFORMED) {
          return MALFORMED;
        }
        valueLength = Varint.value(read);
        at += Varint.sizeOfRead(read);
      }
      if (at >= entriesEnd) {
        return MALFORMED;
      }
      long metaWord = segment.get(Layouts.LE_LONG, at);
      int metaBytes = DataBlockLayout.metaBytes(metaWord);
      long meta;
      if (metaBytes != 0) {
        meta = DataBlockLayout.meta(metaWord, metaBytes);
      } else {
        metaBytes = Varint.sizeAt(segment, at, entriesEnd);
        if (metaBytes == 0) {
          return MALFORMED;
        }
        meta = Varint.readLong(segment, at, metaBytes);
      }
      at += metaBytes;
      if (shared > entryLength || (long) unshared + valueLength > entriesEnd - at) {
        return MALFORMED;
      }
      entryLength = shared + unshared;
      if (shared <= matched) {
        matched = shared;
        int comparable = Math.min(unshared, length - shared);
        matched += KeyBytes.mismatch(key, offset + shared, segment, at, comparable);
      }
      long valueAt = at + unshared;
      at = valueAt + valueLength;
      if (ordinal < wanted) {
        continue;
      }
      if (matched != length || entryLength != length) {
        return ordinal == wanted ? CONTINUE : absent(out);
      }
      long trailer = DataBlockLayout.trailer(meta, DataBlockLayout.baseSequence(segment, base));
      long sequence = InternalKey.sequence(trailer);
      if (sequence <= snapshot) {
        return answer(block, InternalKey.kind(trailer), sequence, valueAt, valueLength, out);
      }
    }
    return absent(out);
  }

  private static int absent(Lookup out) {
    out.absent();
    return Lookup.ABSENT;
  }

  private static int answer(
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
    return MALFORMED;
  }
}
