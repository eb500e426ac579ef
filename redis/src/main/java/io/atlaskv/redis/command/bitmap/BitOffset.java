package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.resp.ReplyWriter;

/// Where a bit is, as an argument says.
final class BitOffset {
  /// The argument was wrong, the error is in the reply.
  static final long INVALID = -1;

  private static final String ERROR = "ERR bit offset is not an integer or out of range";

  private BitOffset() {}

  /// The offset in argument `i`.
  static long parse(Context context, Args args, int i, ReplyWriter reply) {
    return parse(context, args, i, 0, reply);
  }

  /// As above; with `width` over 0 an offset that begins with `#` counts in widths.
  static long parse(Context context, Args args, int i, int width, ReplyWriter reply) {
    long at = args.offset(i);
    int length = args.length(i);
    long unit = 1;
    if (width > 0 && length > 0 && args.byteAt(i, 0) == '#') {
      unit = width;
      at++;
      length--;
    }
    if (Decimal.isLong(args.segment(), at, length)) {
      long number = Decimal.parse(args.segment(), at, length);
      if (number >= 0
          && number <= Long.MAX_VALUE / unit
          && ((number * unit) >> 3) < context.data().stringBytesMax()) {
        return number * unit;
      }
    }
    reply.error(ERROR);
    return INVALID;
  }
}
