package io.atlaskv.redis.command.range;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.KeyCursor;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `RANGE start end | PREFIX p [REV] [LIMIT n] [WITHVALUES] [AFTER key]`: keys in order.
public final class RangeCommand implements Command {
  private static final int LIMIT_ON_LOOP_MAX = 1_000;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("RANGE", -3, Group.RANGE, Flag.READONLY)
        .categories(AclCategory.KEYSPACE)
        .doc(
            "0.1.0",
            "O(log(N)+M) with N being the number of keys in the database and M the number of keys returned.",
            "start end | PREFIX prefix [REV] [LIMIT count] [WITHVALUES] [AFTER key]",
            "Returns the keys between two bounds or with a prefix, in order.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    RangeQuery query = RangeQuery.parse(args, reply, true);
    if (query == null) {
      return Outcome.DONE;
    }
    if (query.limit() > LIMIT_ON_LOOP_MAX && !context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    keys.raiseGate(context.store().visibleSequence());
    int mark = reply.beginArray();
    long count = 0;
    if (!query.bounds().isEmpty()) {
      try (KeyCursor at = KeyCursor.open(keys, query.bounds(), query.isReverse())) {
        int state = query.limit() > 0 ? at.first() : Reader.ABSENT;
        while (state == Reader.FOUND) {
          reply.bulk(at.key(), at.keyOffset(), at.keyLength());
          if (query.hasValues()) {
            value(at, reply);
          }
          count++;
          state = count < query.limit() ? at.next() : Reader.ABSENT;
        }
        if (state == Reader.NEEDS_BLOCKS) {
          return Outcome.NEEDS_BLOCKS;
        }
      }
    }
    reply.endArray(mark, query.hasValues() ? 2 * count : count);
    return Outcome.DONE;
  }

  private static void value(KeyCursor at, ReplyWriter reply) {
    if (at.isString()) {
      reply.bulk(at.valueSegment(), at.valueOffset(), at.valueLength());
    } else {
      reply.nullValue();
    }
  }
}
