package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.MemorySegment;

/// What INCR, DECR, INCRBY and DECRBY share.
final class Increment {
  private Increment() {}

  static Outcome add(Context context, Args args, ReplyWriter reply, long delta) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    long value = 0;
    if (found == Reader.FOUND) {
      MemorySegment memory = keys.valueSegment();
      if (!keys.isString()) {
        reply.error(Errors.WRONG_TYPE);
        return Outcome.DONE;
      }
      if (!keys.isInline() || !Decimal.isLong(memory, keys.valueOffset(), keys.valueLength())) {
        reply.error(Errors.NOT_AN_INTEGER);
        return Outcome.DONE;
      }
      value = Decimal.parse(memory, keys.valueOffset(), keys.valueLength());
    }
    long sum = value + delta;
    if (((value ^ sum) & (delta ^ sum)) < 0) {
      reply.error(Errors.OVERFLOW);
      return Outcome.DONE;
    }
    keys.putNumber(sum);
    context.notify(KeyEventClass.STRING, "incrby", 1);
    reply.integer(sum);
    return Outcome.DONE;
  }
}
