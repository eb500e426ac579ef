package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;

/// Unsigned LEB128 integers: 7 bits a byte, lowest first, the high bit says that more follow.
///
/// Only the shortest form of a value is valid, so that equal content has equal bytes. Readers never
/// read at or beyond `limit` and answer `MALFORMED` (or size 0) instead of throwing: the caller
/// knows file and offset for the message.
public final class Varint {
  /// Largest size of an encoded int.
  public static final int INT_BYTES_MAX = 5;

  /// Largest size of an encoded long.
  public static final int LONG_BYTES_MAX = 10;

  /// Largest value whose encoding is one byte, which is the value.
  public static final int ONE_BYTE_MAX = 0x7f;

  /// Answer of `readInt` to truncated, too long or non-canonical input.
  public static final long MALFORMED = -1;

  private static final int PAYLOAD_BITS = 7;
  private static final int MORE = 0x80;
  private static final int PAYLOAD_MASK = 0x7f;

  private Varint() {}

  /// Encoded size of `value`, taken as unsigned.
  public static int size(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + PAYLOAD_BITS - 1) / PAYLOAD_BITS;
  }

  /// Writes `value`, taken as unsigned; returns its encoded size.
  public static int put(MemorySegment target, long offset, long value) {
    long rest = value;
    long at = offset;
    while ((rest & ~PAYLOAD_MASK) != 0) {
      target.set(Layouts.BYTE, at++, (byte) (rest | MORE));
      rest >>>= PAYLOAD_BITS;
    }
    target.set(Layouts.BYTE, at++, (byte) rest);
    return (int) (at - offset);
  }

  /// Writes `value`, taken as unsigned; returns its encoded size.
  public static int put(byte[] target, int offset, long value) {
    long rest = value;
    int at = offset;
    while ((rest & ~PAYLOAD_MASK) != 0) {
      target[at++] = (byte) (rest | MORE);
      rest >>>= PAYLOAD_BITS;
    }
    target[at++] = (byte) rest;
    return at - offset;
  }

  /// Reads a non-negative int: `size << 32 | value`, to be taken apart by `value` and `sizeOfRead`,
  /// or `MALFORMED`.
  public static long readInt(MemorySegment source, long offset, long limit) {
    if (offset < limit) {
      byte first = source.get(Layouts.BYTE, offset);
      if (first >= 0) {
        return (1L << Integer.SIZE) | first;
      }
    }
    return readLongerInt(source, offset, limit);
  }

  private static long readLongerInt(MemorySegment source, long offset, long limit) {
    long value = 0;
    long end = Math.min(limit, offset + INT_BYTES_MAX);
    int shift = 0;
    for (long at = offset; at < end; at++, shift += PAYLOAD_BITS) {
      byte b = source.get(Layouts.BYTE, at);
      value |= (long) (b & PAYLOAD_MASK) << shift;
      if (b >= 0) {
        boolean canonical = b != 0 || at == offset;
        return canonical && value <= Integer.MAX_VALUE
            ? ((at - offset + 1) << Integer.SIZE) | value
            : MALFORMED;
      }
    }
    return MALFORMED;
  }

  /// As `readInt` on a heap array.
  public static long readInt(byte[] source, int offset, int limit) {
    long value = 0;
    int end = Math.min(limit, offset + INT_BYTES_MAX);
    int shift = 0;
    for (int at = offset; at < end; at++, shift += PAYLOAD_BITS) {
      byte b = source[at];
      value |= (long) (b & PAYLOAD_MASK) << shift;
      if (b >= 0) {
        boolean canonical = b != 0 || at == offset;
        return canonical && value <= Integer.MAX_VALUE
            ? ((long) (at - offset + 1) << Integer.SIZE) | value
            : MALFORMED;
      }
    }
    return MALFORMED;
  }

  /// The value in an answer of `readInt` that is not `MALFORMED`.
  public static int value(long read) {
    return (int) read;
  }

  /// The encoded size in an answer of `readInt` that is not `MALFORMED`.
  public static int sizeOfRead(long read) {
    return (int) (read >>> Integer.SIZE);
  }

  /// Size of the encoded long at `offset`, or 0 if it is malformed: first step of reading a long.
  public static int sizeAt(MemorySegment source, long offset, long limit) {
    long end = Math.min(limit, offset + LONG_BYTES_MAX);
    for (long at = offset; at < end; at++) {
      byte b = source.get(Layouts.BYTE, at);
      if (b >= 0) {
        int size = (int) (at - offset) + 1;
        boolean canonical = b != 0 || size == 1;
        boolean fits = size < LONG_BYTES_MAX || b == 1;
        return canonical && fits ? size : 0;
      }
    }
    return 0;
  }

  /// The long whose encoding of `size` bytes, as told by `sizeAt`, starts at `offset`.
  public static long readLong(MemorySegment source, long offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      long bits = source.get(Layouts.BYTE, offset + i) & PAYLOAD_MASK;
      value |= bits << (i * PAYLOAD_BITS);
    }
    return value;
  }

  /// Maps small numbers of either sign to small unsigned ones: 0, -1, 1, -2 to 0, 1, 2, 3.
  public static long zigzag(long value) {
    return (value << 1) ^ (value >> (Long.SIZE - 1));
  }

  /// Inverse of `zigzag`.
  public static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
