package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.Varint;
import java.lang.foreign.MemorySegment;

/// Shape of a data block: entries in internal order, and what finds them.
///
/// ```
/// offset  size  field
///      0     2  number of entries n, at least 1
///      2     2  length c of the prefix that all keys have in common
///      4     4  offset of the values in the block
///      8     7  base sequence
///     15     1  restart shift: entry i is a restart point if i is a multiple of 1 << shift;
///               in its high bit, whether there are row sums
///     16     c  the common prefix
///            n  tag of each entry: the lowest byte of its key's hash
///          2 r  offset of each restart point among the keys
///          2 r  offset of its value among the values
///          8 r  first 8 bytes of its key after the common prefix, as a number
///          4 n  row sum of each entry (RowSum), if there are any
///               keys
///               values, one after the other
///               zeroes, so that values and they have at least 8 bytes
///
/// key = shared, unshared, value length, meta: varints; unshared key bytes
/// ```
///
/// `shared` counts key bytes after the common prefix that the entry has in common with the one
/// before it; 0 at restart points. `meta` is `zigzag(sequence - base sequence) << 3 | kind`. All
/// that a search touches before it reaches a value stands together, a few cache lines. Any 8-byte
/// read that starts before the values stays inside the block.
final class DataBlockLayout {
  static final int COUNT_OFFSET = 0;
  static final int COMMON_LENGTH_OFFSET = 2;
  static final int VALUES_OFFSET_OFFSET = 4;
  static final int BASE_SEQUENCE_OFFSET = 8;
  static final int COMMON_OFFSET = 16;
  static final int COMMON_LENGTH_MAX = 0xffff;
  static final int VALUES_BYTES_MIN = Long.BYTES;
  static final int RESTART_BYTES = 2 * Short.BYTES + Long.BYTES;

  /// Beside the restart shift.
  static final long ROW_SUMS = 1L << 63;

  static final int KIND_BITS = 3;
  static final int KIND_MASK = (1 << KIND_BITS) - 1;

  /// Set where the first three bytes of an entry are not one-byte varints.
  static final long LONG_LENGTHS_MASK = 0x808080L;

  private static final long MORE_BITS = 0x8080808080808080L;
  private static final long META_ENDS = MORE_BITS & ~LONG_LENGTHS_MASK;

  private DataBlockLayout() {}

  static int count(MemorySegment segment, long base) {
    return segment.get(Layouts.LE_SHORT, base + COUNT_OFFSET) & 0xffff;
  }

  static int commonLength(MemorySegment segment, long base) {
    return segment.get(Layouts.LE_SHORT, base + COMMON_LENGTH_OFFSET) & 0xffff;
  }

  static int valuesOffset(MemorySegment segment, long base) {
    return segment.get(Layouts.LE_INT, base + VALUES_OFFSET_OFFSET);
  }

  /// Base sequence and restart shift in one word, to be taken apart by the next two.
  static long sequenceAndShift(MemorySegment segment, long base) {
    return segment.get(Layouts.LE_LONG, base + BASE_SEQUENCE_OFFSET);
  }

  static int restartShift(long sequenceAndShift) {
    return (int) (sequenceAndShift >>> SequenceNumber.BITS) & 0x1f;
  }

  static boolean hasRowSums(long sequenceAndShift) {
    return sequenceAndShift < 0;
  }

  /// Whether the rows of a block have sums.
  static boolean hasRowSums(MemorySegment segment, long base) {
    return hasRowSums(sequenceAndShift(segment, base));
  }

  static long baseSequence(long sequenceAndShift) {
    return sequenceAndShift & SequenceNumber.MAX;
  }

  static int restarts(int count, int restartShift) {
    return (count + (1 << restartShift) - 1) >>> restartShift;
  }

  /// Bytes between the common prefix and the keys.
  static int searchBytes(int count, int restarts, long sequenceAndShift) {
    int sums = (int) (sequenceAndShift >> 63) & (count * RowSum.BYTES); // no branch
    return count + restarts * RESTART_BYTES + sums;
  }

  /// Tag of a key.
  static byte tag(long hash) {
    return (byte) hash;
  }

  /// Encoded size of the varint whose bytes start in the low byte of `word`, if at most 8; else 0.
  static int metaBytes(long word) {
    long ends = ~word & MORE_BITS;
    return ends == 0 ? 0 : (Long.numberOfTrailingZeros(ends) >>> 3) + 1;
  }

  /// Encoded size of the meta of an entry that begins with `word` and three one-byte lengths, if
  /// the word has all of it, at most 5 bytes; else 0. Where an entry ends is then known from one
  /// read.
  static int metaBytesAfterLengths(long word) {
    long ends = ~word & META_ENDS;
    return ends == 0 ? 0 : (Long.numberOfTrailingZeros(ends) >>> 3) - 2;
  }

  /// The varint of that size.
  static long meta(long word, int bytes) {
    long x = word & (-1L >>> (Long.SIZE - bytes * Byte.SIZE)) & ~MORE_BITS;
    x = (x & 0x007f007f007f007fL) | ((x & 0x7f007f007f007f00L) >>> 1);
    x = (x & 0x00003fff00003fffL) | ((x & 0x3fff00003fff0000L) >>> 2);
    return (x & 0x0fffffffL) | ((x & 0x0fffffff00000000L) >>> 4);
  }

  /// Trailer of an entry with that meta.
  static long trailer(long meta, long baseSequence) {
    long sequence = baseSequence + Varint.unzigzag(meta >>> KIND_BITS);
    return (sequence & SequenceNumber.MAX) << Byte.SIZE | (meta & KIND_MASK);
  }

  static long metaOf(long sequence, byte kind, long baseSequence) {
    return Varint.zigzag(sequence - baseSequence) << KIND_BITS | kind;
  }
}
