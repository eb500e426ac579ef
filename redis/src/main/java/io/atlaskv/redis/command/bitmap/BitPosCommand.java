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

/// `BITPOS key 0 | 1 [start [end [BYTE | BIT]]]`: the first bit of that value. Without an end there
/// are zeroes behind the string.
public final class BitPosCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("BITPOS", -3, Group.BITMAP, Flag.READONLY)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.BITMAP)
        .doc(
            "2.8.7",
            "O(N)",
            "key bit [start [end [BYTE | BIT]]]",
            "Finds the first set (1) or clear (0) bit in a string.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    if (args.number() != 0 && args.number() != 1) {
      reply.error("ERR The bit argument must be 1 or 0.");
      return Outcome.DONE;
    }
    int wanted = (int) args.number();
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      reply.integer(wanted == 1 ? -1 : 0); // whatever the range says
      return Outcome.DONE;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    BitRange range = BitRange.parse(args, 3, true, reply);
    if (range == null) {
      return Outcome.DONE;
    }
    long bytes = keys.stringLength();
    long first = range.firstBit(bytes);
    long last = range.lastBit(bytes);
    if (bytes == 0 || first > last) {
      reply.integer(-1);
      return Outcome.DONE;
    }
    if (StringValues.isForWorker(context, (last - first) >> 3)) {
      return Outcome.NEEDS_WORKER;
    }
    long position = BitSearch.find(keys.string(), wanted, first, last);
    if (position == BitSearch.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    boolean isBehind = position == BitSearch.NONE && wanted == 0 && !range.hasEnd();
    reply.integer(isBehind ? 8 * bytes : position);
    return Outcome.DONE;
  }
}
