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
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `SETNX key value`: sets what does not exist; 1 if it did.
public final class SetNxCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SETNX", 3, Group.STRING, Flag.WRITE, Flag.DENYOOM, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.OW, KeyFlag.INSERT))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.0",
            "O(1)",
            "key value",
            "Set the string value of a key only when the key doesn't exist.")
        .deprecated("2.6.12", "`SET` with the `NX` argument");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (StringValues.isForWorker(context, args.length(2))) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      keys.putString(args.segment(), args.offset(2), args.length(2), 0);
      context.notify(KeyEventClass.STRING, "set", 1);
    }
    reply.integer(found == Reader.ABSENT ? 1 : 0);
    return Outcome.DONE;
  }
}
