package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;

/// Order and equality of byte strings in heap arrays and native memory: unsigned, 8 bytes a step.
///
/// A slice is `(bytes, offset, length)`. Callers pass valid slices; lengths fit in an int.
public final class KeyBytes {
  private KeyBytes() {}

  /// Negative, 0 or positive as the left slice sorts before, equals or sorts after the right one.
  public static int compare(
      byte[] left, int leftOffset, int leftLength, byte[] right, int rightOffset, int rightLength) {
    int common = Math.min(leftLength, rightLength);
    int i = 0;
    for (; i <= common - Long.BYTES; i += Long.BYTES) {
      long l = ByteArrays.beLong(left, leftOffset + i);
      long r = ByteArrays.beLong(right, rightOffset + i);
      if (l != r) {
        return Long.compareUnsigned(l, r);
      }
    }
    if (i < common && common >= Long.BYTES) {
      int last = common - Long.BYTES; // overlaps bytes that are known to be equal
      int order =
          Long.compareUnsigned(
              ByteArrays.beLong(left, leftOffset + last),
              ByteArrays.beLong(right, rightOffset + last));
      return order != 0 ? order : leftLength - rightLength;
    }
    for (; i < common; i++) {
      int difference = (left[leftOffset + i] & 0xff) - (right[rightOffset + i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }

  /// As above, with the right slice in native memory.
  public static int compare(
      byte[] left,
      int leftOffset,
      int leftLength,
      MemorySegment right,
      long rightOffset,
      int rightLength) {
    int common = Math.min(leftLength, rightLength);
    int i = 0;
    for (; i <= common - Long.BYTES; i += Long.BYTES) {
      long l = ByteArrays.beLong(left, leftOffset + i);
      long r = right.get(Layouts.BE_LONG, rightOffset + i);
      if (l != r) {
        return Long.compareUnsigned(l, r);
      }
    }
    if (i < common && common >= Long.BYTES) {
      int last = common - Long.BYTES; // overlaps bytes that are known to be equal
      int order =
          Long.compareUnsigned(
              ByteArrays.beLong(left, leftOffset + last),
              right.get(Layouts.BE_LONG, rightOffset + last));
      return order != 0 ? order : leftLength - rightLength;
    }
    for (; i < common; i++) {
      int difference =
          (left[leftOffset + i] & 0xff) - (right.get(Layouts.BYTE, rightOffset + i) & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }

  /// As above, with the left slice in native memory.
  public static int compare(
      MemorySegment left,
      long leftOffset,
      int leftLength,
      byte[] right,
      int rightOffset,
      int rightLength) {
    return -compare(right, rightOffset, rightLength, left, leftOffset, leftLength);
  }

  /// As above, with both slices in native memory.
  public static int compare(
      MemorySegment left,
      long leftOffset,
      int leftLength,
      MemorySegment right,
      long rightOffset,
      int rightLength) {
    int common = Math.min(leftLength, rightLength);
    int i = 0;
    for (; i <= common - Long.BYTES; i += Long.BYTES) {
      long l = left.get(Layouts.BE_LONG, leftOffset + i);
      long r = right.get(Layouts.BE_LONG, rightOffset + i);
      if (l != r) {
        return Long.compareUnsigned(l, r);
      }
    }
    if (i < common && common >= Long.BYTES) {
      int last = common - Long.BYTES; // overlaps bytes that are known to be equal
      int order =
          Long.compareUnsigned(
              left.get(Layouts.BE_LONG, leftOffset + last),
              right.get(Layouts.BE_LONG, rightOffset + last));
      return order != 0 ? order : leftLength - rightLength;
    }
    for (; i < common; i++) {
      int difference =
          (left.get(Layouts.BYTE, leftOffset + i) & 0xff)
              - (right.get(Layouts.BYTE, rightOffset + i) & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return leftLength - rightLength;
  }

  /// True if the two strings of `length` bytes are equal.
  public static boolean equal(
      byte[] left, int leftOffset, byte[] right, int rightOffset, int length) {
    return mismatch(left, leftOffset, right, rightOffset, length) == length;
  }

  /// True if the two strings of `length` bytes are equal.
  public static boolean equal(
      byte[] left, int leftOffset, MemorySegment right, long rightOffset, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (ByteArrays.leLong(left, leftOffset + i) != right.get(Layouts.LE_LONG, rightOffset + i)) {
        return false;
      }
    }
    if (i == length) {
      return true;
    }
    if (length >= Long.BYTES) { // the last 8 bytes, overlapping what is known to be equal
      int last = length - Long.BYTES;
      return ByteArrays.leLong(left, leftOffset + last)
          == right.get(Layouts.LE_LONG, rightOffset + last);
    }
    for (; i < length; i++) {
      if (left[leftOffset + i] != right.get(Layouts.BYTE, rightOffset + i)) {
        return false;
      }
    }
    return true;
  }

  /// True if the two strings of `length` bytes are equal.
  public static boolean equal(
      MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, int length) {
    return mismatch(left, leftOffset, right, rightOffset, length) == length;
  }

  /// Length of the common prefix of two strings of `length` bytes: `length` if they are equal.
  public static int mismatch(
      byte[] left, int leftOffset, byte[] right, int rightOffset, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long difference =
          ByteArrays.leLong(left, leftOffset + i) ^ ByteArrays.leLong(right, rightOffset + i);
      if (difference != 0) {
        return i + firstDifferingByte(difference);
      }
    }
    if (i < length && length >= Long.BYTES) {
      int last = length - Long.BYTES; // overlaps bytes that are known to be equal
      long difference =
          ByteArrays.leLong(left, leftOffset + last) ^ ByteArrays.leLong(right, rightOffset + last);
      return difference == 0 ? length : last + firstDifferingByte(difference);
    }
    while (i < length && left[leftOffset + i] == right[rightOffset + i]) {
      i++;
    }
    return i;
  }

  /// As above, with the right string in native memory.
  public static int mismatch(
      byte[] left, int leftOffset, MemorySegment right, long rightOffset, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long difference =
          ByteArrays.leLong(left, leftOffset + i) ^ right.get(Layouts.LE_LONG, rightOffset + i);
      if (difference != 0) {
        return i + firstDifferingByte(difference);
      }
    }
    if (i < length && length >= Long.BYTES) {
      int last = length - Long.BYTES; // overlaps bytes that are known to be equal
      long difference =
          ByteArrays.leLong(left, leftOffset + last)
              ^ right.get(Layouts.LE_LONG, rightOffset + last);
      return difference == 0 ? length : last + firstDifferingByte(difference);
    }
    while (i < length && left[leftOffset + i] == right.get(Layouts.BYTE, rightOffset + i)) {
      i++;
    }
    return i;
  }

  /// As above, with both strings in native memory.
  public static int mismatch(
      MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long difference =
          left.get(Layouts.LE_LONG, leftOffset + i) ^ right.get(Layouts.LE_LONG, rightOffset + i);
      if (difference != 0) {
        return i + firstDifferingByte(difference);
      }
    }
    if (i < length && length >= Long.BYTES) {
      int last = length - Long.BYTES; // overlaps bytes that are known to be equal
      long difference =
          left.get(Layouts.LE_LONG, leftOffset + last)
              ^ right.get(Layouts.LE_LONG, rightOffset + last);
      return difference == 0 ? length : last + firstDifferingByte(difference);
    }
    while (i < length
        && left.get(Layouts.BYTE, leftOffset + i) == right.get(Layouts.BYTE, rightOffset + i)) {
      i++;
    }
    return i;
  }

  private static int firstDifferingByte(long littleEndianDifference) {
    return Long.numberOfTrailingZeros(littleEndianDifference) / Byte.SIZE;
  }

  /// The first 8 bytes as a big-endian number, short strings padded with zeroes. If two strings'
  /// prefixes differ, their unsigned order is that of the strings; equal prefixes decide nothing.
  public static long prefix8(byte[] bytes, int offset, int length) {
    if (length >= Long.BYTES) {
      return ByteArrays.beLong(bytes, offset);
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes[offset + i] & 0xffL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return prefix;
  }

  /// As above, in native memory.
  public static long prefix8(MemorySegment bytes, long offset, int length) {
    if (length >= Long.BYTES) {
      return bytes.get(Layouts.BE_LONG, offset);
    }
    long prefix = 0;
    for (int i = 0; i < length; i++) {
      prefix |= (bytes.get(Layouts.BYTE, offset + i) & 0xffL) << (Long.SIZE - Byte.SIZE * (i + 1));
    }
    return prefix;
  }
}
