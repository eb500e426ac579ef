package io.atlaskv.redis.command.string;

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
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `SETRANGE key offset value`: overwrites a part of a string; what was never written reads as
/// zeroes.
public final class SetRangeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SETRANGE", 4, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "2.2.0",
            "O(1), not counting the time taken to copy the new string in place. Usually, this string is very small so the amortized complexity is O(1). Otherwise, complexity is O(M) with M being the length of the value argument.",
            "key offset value",
            "Overwrites a part of a string value with another by an offset. Creates the key if it doesn't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    long offset = args.number();
    if (offset < 0) {
      reply.error("ERR offset is out of range");
      return Outcome.DONE;
    }
    int bytes = args.length(3);
    if (StringValues.isForWorker(context, bytes)) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    long oldLength = found == Reader.FOUND ? keys.stringLength() : 0;
    if (bytes == 0) {
      reply.integer(oldLength);
      return Outcome.DONE;
    }
    if (!StringValues.isLengthAllowed(context, offset, bytes, reply)) {
      return Outcome.DONE;
    }
    long length = Math.max(oldLength, offset + bytes);
    if (StringValues.write(keys, length, offset, args, 3) == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    context.notify(KeyEventClass.STRING, "setrange", 1);
    reply.integer(length);
    return Outcome.DONE;
  }
}
