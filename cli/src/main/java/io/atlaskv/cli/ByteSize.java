package io.atlaskv.cli;

import java.util.Locale;

/// Reads sizes as people write them: `1048576`, `512kb`, `64MB`, `2gb`; units are powers of 1024.
final class ByteSize {
  private static final int KIB_SHIFT = 10;

  private ByteSize() {}

  /// @throws IllegalArgumentException saying what is allowed
  static long parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int shift = shift(lower);
    String digits = shift > 0 ? lower.substring(0, lower.length() - 2) : lower;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw malformed();
    }
    try {
      return Math.multiplyExact(Long.parseLong(digits), 1L << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("is larger than any memory or file can be", e);
    }
  }

  private static int shift(String lower) {
    if (lower.endsWith("kb")) {
      return KIB_SHIFT;
    }
    if (lower.endsWith("mb")) {
      return 2 * KIB_SHIFT;
    }
    return lower.endsWith("gb") ? 3 * KIB_SHIFT : 0;
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("must be a number of bytes, or one with kb, mb or gb");
  }
}
