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
      long rest = keys.expiresAt() - keys.nowMillis();
      reply.integer((rest + millisPerUnit / 2) / millisPerUnit);
    }
    return Outcome.DONE;
  }
}
