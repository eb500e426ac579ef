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

/// `ROLE`: a master without replicas. The offset counts what was sent to replicas, so it is 0.
public final class RoleCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "ROLE", 1, Group.SERVER, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST)
        .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
        .doc("2.8.12", "O(1)", "", "Returns the replication role.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    reply.array(3);
    reply.bulk("master");
    reply.integer(0);
    reply.array(0);
    return Outcome.DONE;
  }
}
