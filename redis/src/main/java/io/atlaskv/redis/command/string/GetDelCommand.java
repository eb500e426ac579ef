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

/// `GETDEL key`: the value, and the key is gone.
public final class GetDelCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("GETDEL", 2, Group.STRING, Flag.WRITE, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.DELETE))
        .categories(AclCategory.STRING)
        .doc("6.2.0", "O(1)", "key", "Returns the string value of a key after deleting the key.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    keys.countRead(found);
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    if (found == Reader.ABSENT) {
      reply.nullValue();
      return Outcome.DONE;
    }
    Outcome outcome = StringValues.reply(context, keys, reply);
    if (outcome == Outcome.DONE) {
      keys.delete();
      context.notify(KeyEventClass.GENERIC, "del", 1);
    }
    return outcome;
  }
}
