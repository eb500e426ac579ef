package io.atlaskv.redis.command.bitmap;

import org.jspecify.annotations.Nullable;

/// One operation of BITFIELD on an integer of 1 to 64 bits, 63 if it has no sign.
///
/// @param offset of its highest bit
/// @param operand value or increment
record BitFieldOperation(
    Kind kind, boolean isSigned, int bits, long offset, long operand, Overflow overflow) {
  enum Kind {
    GET,
    SET,
    INCRBY
  }

  /// What becomes of values that do not fit.
  enum Overflow {
    /// The low bits stay.
    WRAP,
    /// The nearest value that fits.
    SAT,
    /// Nothing is changed.
    FAIL
  }

  /// The value to be written in place of `old`; null = it does not fit and is not to be written.
  @Nullable Long next(long old) {
    long base = kind == Kind.SET ? 0 : old;
    long sum = base + operand;
    boolean isBeyondLong = ((base ^ sum) & (operand ^ sum)) < 0;
    // an unsigned SET takes its operand as unsigned: what is negative is too large
    boolean isAbove =
        isBeyondLong ? operand > 0 : sum > max() || (kind == Kind.SET && !isSigned && sum < 0);
    boolean isBelow = !isAbove && (isBeyondLong || sum < min());
    if (!isAbove && !isBelow) {
      return sum;
    }
    return switch (overflow) {
      case FAIL -> null;
      case SAT -> isAbove ? max() : min();
      case WRAP -> narrowed(sum);
    };
  }

  /// The low bits of `value` as an integer of this type.
  long narrowed(long value) {
    int unused = Long.SIZE - bits;
    return isSigned ? value << unused >> unused : value << unused >>> unused;
  }

  private long max() {
    return isSigned ? Long.MAX_VALUE >> (Long.SIZE - bits) : (1L << bits) - 1;
  }

  private long min() {
    return isSigned ? Long.MIN_VALUE >> (Long.SIZE - bits) : 0;
  }

  long firstByte() {
    return offset >> 3;
  }

  long lastByte() {
    return (offset + bits - 1) >> 3;
  }
}
