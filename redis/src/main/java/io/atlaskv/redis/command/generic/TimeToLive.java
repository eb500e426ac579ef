package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What TTL and PTTL share.
final class TimeToLive {
  private static final int NO_KEY = -2;
  private static final int NO_EXPIRY = -1;

  private TimeToLive() {}

  /// The rest of a key's life in units of `millisPerUnit`, rounded.
  static Outcome reply(Context context, Args args, ReplyWriter reply, int millisPerUnit) {
    return reply(context, args, reply, millisPerUnit, context.keys().nowMillis());
  }

  /// The end of a key's life since 1970 in units of `millisPerUnit`, rounded.
  static Outcome replyMoment(Context context, Args args, ReplyWriter reply, int millisPerUnit) {
    return reply(context, args, reply, millisPerUnit, 0);
  }

  private static Outcome reply(
      Context context, Args args, ReplyWriter reply, int millisPerUnit, long sinceMillis) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      reply.integer(NO_KEY);
    } else if (keys.expiresAt() == 0) {
      reply.integer(NO_EXPIRY);
    } else {
      long rest = keys.expiresAt() - sinceMillis;
      long half = millisPerUnit / 2;
      reply.integer(
          rest > Long.MAX_VALUE - half ? rest / millisPerUnit : (rest + half) / millisPerUnit);
    }
    return Outcome.DONE;
  }
}
