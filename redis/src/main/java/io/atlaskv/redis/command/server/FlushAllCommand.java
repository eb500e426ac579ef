package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `FLUSHALL [ASYNC | SYNC]`: empties all databases at once.
public final class FlushAllCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("FLUSHALL", -1, Group.SERVER, Flag.WRITE, Flag.EXCLUSIVE)
        .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
        .doc("1.0.0", "O(1)", "[ASYNC | SYNC]", "Removes all keys from all databases.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Flush.flush(context, args, reply, 0, Databases.COUNT - 1);
  }
}
