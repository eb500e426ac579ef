package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// Timeout of WAIT and WAITAOF in milliseconds; 0 = none.
final class WaitTimeout {
  static final long INVALID = -1;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private WaitTimeout() {}

  /// The timeout in argument `i`, or INVALID: the reply says why.
  static long parse(Args args, int i, ReplyWriter reply) {
    if (!args.isNumber(i)) {
      reply.error("ERR timeout is not an integer or out of range");
      return INVALID;
    }
    if (args.number() < 0) {
      reply.error("ERR timeout is negative");
      return INVALID;
    }
    if (args.number() > Long.MAX_VALUE / NANOS_PER_MILLI / 2) {
      reply.error("ERR timeout is out of range");
      return INVALID;
    }
    return args.number();
  }

  /// True if the command has waited long enough, or must not wait; else it is to wait on.
  static boolean isOver(Context context, long timeoutMillis) {
    return context.isInTransaction()
        || !context.waitUpTo(
            timeoutMillis == 0 ? Long.MAX_VALUE / 2 : timeoutMillis * NANOS_PER_MILLI);
  }

  /// True if another client has ended the wait with an error, which is the reply.
  static boolean isRefused(Context context, ReplyWriter reply) {
    if (context.session().isRefused()) {
      reply.error(Errors.UNBLOCKED);
      return true;
    }
    return false;
  }
}
