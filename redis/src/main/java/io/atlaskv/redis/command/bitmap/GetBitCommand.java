package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
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

/// `GETBIT key offset`: one bit; those that were never set are 0.
public final class GetBitCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("GETBIT", 3, Group.BITMAP, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.BITMAP)
        .doc("2.2.0", "O(1)", "key offset", "Returns a bit value by offset.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    long bit = BitOffset.parse(context, args, 2, reply);
    if (bit == BitOffset.INVALID) {
      return Outcome.DONE;
    }
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    long at = bit >> 3;
    int value = 0;
    if (found == Reader.FOUND && at < keys.stringLength()) {
      value = keys.string().byteAt(at);
      if (value == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
    }
    reply.integer(value >> (7 - (bit & 7)) & 1);
    return Outcome.DONE;
  }
}
