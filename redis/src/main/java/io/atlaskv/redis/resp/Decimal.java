package io.atlaskv.redis.resp;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// 64-bit decimals as Redis reads and writes them: no sign but `-`, no leading zero, no space.
public final class Decimal {
  /// Digits and sign of the longest one.
  public static final int LENGTH_MAX = 20;

  private static final int DIGITS_ALWAYS_FIT = 18;

  private Decimal() {}

  /// True if the slice is such a decimal.
  public static boolean isLong(MemorySegment segment, long offset, int length) {
    if (length == 0 || length > LENGTH_MAX) {
      return false;
    }
    long at = offset;
    long end = offset + length;
    boolean isNegative = segment.get(Layouts.BYTE, at) == '-';
    if (isNegative) {
      at++;
    }
    if (at == end) {
      return false;
    }
    byte first = segment.get(Layouts.BYTE, at);
    if (first == '0') {
      return length == 1;
    }
    int digits = (int) (end - at);
    long value = 0; // negative all the way: the negative range is the larger one
    for (; at < end; at++) {
      int digit = segment.get(Layouts.BYTE, at) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      if (digits > DIGITS_ALWAYS_FIT && value < (Long.MIN_VALUE + digit) / 10) {
        return false;
      }
      value = 10 * value - digit;
    }
    return isNegative || value != Long.MIN_VALUE;
  }

  /// Value of a slice for which `isLong` is true.
  public static long parse(MemorySegment segment, long offset, int length) {
    long at = offset;
    long end = offset + length;
    boolean isNegative = segment.get(Layouts.BYTE, at) == '-';
    if (isNegative) {
      at++;
    }
    long value = 0;
    for (; at < end; at++) {
      value = 10 * value - (segment.get(Layouts.BYTE, at) - '0');
    }
    return isNegative ? value : -value;
  }

  /// Characters of a value.
  public static int length(long value) {
    int length = value < 0 ? 2 : 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      length++;
    }
    return length;
  }

  /// Writes a value at `offset`; `length` is what `length(value)` says.
  public static void write(long value, int length, MemorySegment target, long offset) {
    long at = offset + length;
    long rest = value;
    do {
      int digit = (int) (rest % 10);
      target.set(Layouts.BYTE, --at, (byte) ('0' + Math.abs(digit)));
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      target.set(Layouts.BYTE, --at, (byte) '-');
    }
  }

  /// Writes a value that is not negative at `offset` of an array; `length` is what `length(value)`
  /// says.
  public static void write(int value, int length, byte[] target, int offset) {
    int rest = value;
    for (int at = offset + length - 1; at >= offset; at--) {
      target[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
