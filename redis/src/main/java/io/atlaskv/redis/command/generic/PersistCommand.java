package io.atlaskv.redis.command.generic;

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

/// `PERSIST key`: 1 if it expired once and does no more.
public final class PersistCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("PERSIST", 2, Group.GENERIC, Flag.WRITE, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.UPDATE))
        .categories(AclCategory.KEYSPACE)
        .doc("2.2.0", "O(1)", "key", "Removes the expiration time of a key.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    boolean isChanged = found == Reader.FOUND && keys.expiresAt() != 0;
    if (isChanged) {
      keys.expire(0);
      context.notify(KeyEventClass.GENERIC, "persist", 1);
    }
    reply.integer(isChanged ? 1 : 0);
    return Outcome.DONE;
  }
}
