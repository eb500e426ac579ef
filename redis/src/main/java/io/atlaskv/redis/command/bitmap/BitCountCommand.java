package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.string.StringValues;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `BITCOUNT key [start end [BYTE | BIT]]`: how many bits are set.
public final class BitCountCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("BITCOUNT", -2, Group.BITMAP, Flag.READONLY)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.BITMAP)
        .doc(
            "2.6.0",
            "O(N)",
            "key [start end [BYTE | BIT]]",
            "Counts the number of set bits (population counting) in a string.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found != Reader.FOUND) {
      reply.integer(0); // whatever the range says
      return Outcome.DONE;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    if (args.count() == 3) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    BitRange range = BitRange.parse(args, 2, false, reply);
    if (range == null) {
      return Outcome.DONE;
    }
    long bytes = keys.stringLength();
    long first = range.firstBit(bytes);
    long last = range.lastBit(bytes);
    if (bytes == 0 || first > last || range.isReversed()) {
      reply.integer(0);
      return Outcome.DONE;
    }
    if (StringValues.isForWorker(context, (last - first) >> 3)) {
      return Outcome.NEEDS_WORKER;
    }
    long count = BitSearch.count(keys.string(), first, last);
    if (count == BitSearch.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    reply.integer(count);
    return Outcome.DONE;
  }
}
