package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `MGET key [key ...]`: all values as of one moment, null for what is no string.
public final class MgetCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("MGET", -2, Group.STRING, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ALL.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys to retrieve.",
            "key [key ...]",
            "Atomically returns the string values of one or more keys.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    keys.holdSnapshot();
    reply.array(args.count() - 1);
    boolean isMissing = false;
    int mark = reply.buffer().length();
    for (int i = 1; i < args.count(); i++) {
      int found = keys.find(args.segment(), args.offset(i), args.length(i));
      if (found == Reader.FOUND && keys.isString()) {
        Outcome outcome = StringValues.reply(context, keys, reply);
        int bytes = reply.buffer().length() - mark;
        if (outcome == Outcome.NEEDS_WORKER || StringValues.isForWorker(context, bytes)) {
          return Outcome.NEEDS_WORKER;
        }
        isMissing |= outcome == Outcome.NEEDS_BLOCKS; // go on: all blocks are fetched at once
      } else {
        isMissing |= found == Reader.NEEDS_BLOCKS;
        reply.nullValue();
      }
    }
    return isMissing ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }
}
