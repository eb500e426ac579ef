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
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `GET key`: the value, or null when the key does not exist.
public final class GetCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("GET", 2, Group.STRING, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.STRING)
        .doc("1.0.0", "O(1)", "key", "Returns the string value of a key.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      reply.nullValue();
    } else if (!keys.isString()) {
      reply.error(Errors.WRONG_TYPE);
    } else {
      return StringValues.reply(context, keys, reply);
    }
    return Outcome.DONE;
  }
}
