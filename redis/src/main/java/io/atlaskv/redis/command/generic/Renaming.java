package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What RENAME and RENAMENX share.
final class Renaming {
  private Renaming() {}

  static Outcome rename(Context context, Args args, boolean isOnlyIfAbsent, ReplyWriter reply) {
    Keyspace source = context.keys();
    boolean isSame = args.areEqual(1, 2);
    int found = source.find(args.segment(), args.offset(1), args.length(1));
    Keyspace target = source;
    int taken = found;
    if (!isSame) {
      target = source.second(source.namespace());
      taken = target.find(args.segment(), args.offset(2), args.length(2));
    }
    if (found == Reader.NEEDS_BLOCKS || taken == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      reply.error(Errors.NO_KEY);
      return Outcome.DONE;
    }
    boolean isRefused = isOnlyIfAbsent && taken == Reader.FOUND;
    if (!isRefused && !isSame) {
      if (target.moveFrom(source) == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      if (taken == Reader.FOUND) {
        context.notify(KeyEventClass.NEW, "new", 2);
      }
      context.notify(KeyEventClass.GENERIC, "rename_from", 1);
      context.notify(KeyEventClass.GENERIC, "rename_to", 2);
    }
    if (isOnlyIfAbsent) {
      reply.integer(isRefused ? 0 : 1);
    } else {
      reply.ok();
    }
    return Outcome.DONE;
  }
}
