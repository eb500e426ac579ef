package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `FLUSHDB [ASYNC | SYNC]`: empties this database at once.
public final class FlushDbCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("FLUSHDB", -1, Group.SERVER, Flag.WRITE, Flag.EXCLUSIVE)
        .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
        .doc("1.0.0", "O(1)", "[ASYNC | SYNC]", "Remove all keys from the current database.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    int number = context.session().database();
    return Flush.flush(context, args, reply, number, number);
  }
}
