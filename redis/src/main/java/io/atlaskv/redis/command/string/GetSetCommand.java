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

/// `GETSET key value`: sets a string and answers with the one before.
public final class GetSetCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("GETSET", 3, Group.STRING, Flag.WRITE, Flag.DENYOOM, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.0",
            "O(1)",
            "key value",
            "Returns the previous string value of a key after setting it to a new value.")
        .deprecated("6.2.0", "`SET` with the `GET` argument");
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
    keys.countRead(found);
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    Outcome outcome = Outcome.DONE;
    if (found == Reader.FOUND) {
      outcome = StringValues.reply(context, keys, reply);
    } else {
      reply.nullValue();
    }
    if (outcome == Outcome.DONE) {
      keys.putString(args.segment(), args.offset(2), args.length(2), 0);
      context.notify(KeyEventClass.STRING, "set", 1);
    }
    return outcome;
  }
}
