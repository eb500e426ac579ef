package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import org.jspecify.annotations.Nullable;

/// `[start [end [BYTE | BIT]]]` of BITCOUNT and BITPOS: both ends included, negative ones count
/// from the end of the string.
///
/// @param hasEnd false: to the end of the string, whatever follows it
record BitRange(long start, long end, boolean hasEnd, boolean isInBits) {
  static final BitRange ALL = new BitRange(0, -1, false, false);

  private static final Keyword BIT = Keyword.of("BIT");
  private static final Keyword BYTE = Keyword.of("BYTE");

  /// Reads the arguments from `first` on; null: the error is in `reply`.
  ///
  /// @param isUnitFirst of two wrong arguments Redis names the unit first in BITPOS, last in
  ///   BITCOUNT
  static @Nullable BitRange parse(Args args, int first, boolean isUnitFirst, ReplyWriter reply) {
    int given = args.count() - first;
    if (given == 0) {
      return ALL;
    }
    if (given > 3) {
      reply.error(Errors.SYNTAX);
      return null;
    }
    if (!args.isNumber(first)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return null;
    }
    long start = args.number();
    if (given == 1) {
      return new BitRange(start, -1, false, false);
    }
    boolean isInBits = given == 3 && args.is(first + 2, BIT);
    boolean isUnit = given < 3 || isInBits || args.is(first + 2, BYTE);
    boolean isNumber = args.isNumber(first + 1);
    if (!isUnit && (isUnitFirst || isNumber)) {
      reply.error(Errors.SYNTAX);
      return null;
    }
    if (!isNumber) {
      reply.error(Errors.NOT_AN_INTEGER);
      return null;
    }
    return new BitRange(start, args.number(), true, isInBits);
  }

  /// The first bit in a string of `bytes` bytes.
  long firstBit(long bytes) {
    long units = isInBits ? Math.multiplyExact(bytes, 8L) : bytes;
    long first = Math.max(start < 0 ? units + start : start, 0);
    return isInBits ? first : first >= bytes ? 8 * bytes : 8 * first;
  }

  /// The last bit in a string of `bytes` bytes; before the first one if the range is empty.
  long lastBit(long bytes) {
    long units = isInBits ? Math.multiplyExact(bytes, 8L) : bytes;
    long last = Math.min(Math.max(end < 0 ? units + end : end, 0), units - 1);
    return isInBits ? last : 8 * last + 7;
  }

  /// True if the ends are the wrong way round before the string's length is known.
  boolean isReversed() {
    return start < 0 && end < 0 && start > end;
  }
}
