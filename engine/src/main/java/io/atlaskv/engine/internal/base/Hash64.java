package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;

/// Seeded 64-bit hash of a byte string, same for heap and native memory, in the manner of wyhash:
/// 16 bytes a step are multiplied to 128 bits and folded. All bits are good: tables may use any,
/// filters others of the same hash. Filters are stored, so the function is part of the file format
/// and never changes. Not cryptographic.
public final class Hash64 {
  private static final long P0 = 0xa0761d6478bd642fL;
  private static final long P1 = 0xe7037ed1a0b428dbL;
  private static final long P2 = 0x8ebc6af09c88c6e3L;
  private static final int STEP = 2 * Long.BYTES;

  private Hash64() {}

  /// Hash of a slice of a heap array.
  public static long hash(long seed, byte[] bytes, int offset, int length) {
    long state = seed ^ P0;
    long a;
    long b;
    if (length <= STEP) {
      if (length >= Long.BYTES) {
        a = ByteArrays.leLong(bytes, offset);
        b = ByteArrays.leLong(bytes, offset + length - Long.BYTES);
      } else if (length >= Integer.BYTES) {
        a = ByteArrays.leInt(bytes, offset) & 0xffffffffL;
        b = ByteArrays.leInt(bytes, offset + length - Integer.BYTES) & 0xffffffffL;
      } else if (length > 0) {
        a = small(bytes[offset], bytes[offset + (length >>> 1)], bytes[offset + length - 1]);
        b = 0;
      } else {
        a = 0;
        b = 0;
      }
    } else {
      int at = offset;
      int last = offset + length - STEP;
      for (; at < last; at += STEP) {
        state =
            fold(
                ByteArrays.leLong(bytes, at) ^ P1,
                ByteArrays.leLong(bytes, at + Long.BYTES) ^ state);
      }
      a = ByteArrays.leLong(bytes, last);
      b = ByteArrays.leLong(bytes, last + Long.BYTES);
    }
    return finish(a, b, state, length);
  }

  /// Hash of a slice of native memory.
  public static long hash(long seed, MemorySegment bytes, long offset, int length) {
    long state = seed ^ P0;
    long a;
    long b;
    if (length <= STEP) {
      if (length >= Long.BYTES) {
        a = bytes.get(Layouts.LE_LONG, offset);
        b = bytes.get(Layouts.LE_LONG, offset + length - Long.BYTES);
      } else if (length >= Integer.BYTES) {
        a = bytes.get(Layouts.LE_INT, offset) & 0xffffffffL;
        b = bytes.get(Layouts.LE_INT, offset + length - Integer.BYTES) & 0xffffffffL;
      } else if (length > 0) {
        a =
            small(
                bytes.get(Layouts.BYTE, offset),
                bytes.get(Layouts.BYTE, offset + (length >>> 1)),
                bytes.get(Layouts.BYTE, offset + length - 1));
        b = 0;
      } else {
        a = 0;
        b = 0;
      }
    } else {
      long at = offset;
      long last = offset + length - STEP;
      for (; at < last; at += STEP) {
        state =
            fold(
                bytes.get(Layouts.LE_LONG, at) ^ P1,
                bytes.get(Layouts.LE_LONG, at + Long.BYTES) ^ state);
      }
      a = bytes.get(Layouts.LE_LONG, last);
      b = bytes.get(Layouts.LE_LONG, last + Long.BYTES);
    }
    return finish(a, b, state, length);
  }

  private static long small(byte first, byte middle, byte last) {
    return ((first & 0xffL) << 16) | ((middle & 0xffL) << 8) | (last & 0xffL);
  }

  private static long finish(long a, long b, long state, int length) {
    return fold(P1 ^ length, fold(a ^ P1, b ^ state) ^ P2);
  }

  private static long fold(long left, long right) {
    return (left * right) ^ Math.unsignedMultiplyHigh(left, right);
  }
}
