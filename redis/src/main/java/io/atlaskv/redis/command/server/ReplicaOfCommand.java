package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `REPLICAOF NO ONE`: OK, as this server follows nobody. Of another server it cannot be a replica.
public final class ReplicaOfCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "REPLICAOF",
            3,
            Group.SERVER,
            Flag.NO_ASYNC_LOADING,
            Flag.ADMIN,
            Flag.NOSCRIPT,
            Flag.STALE)
        .doc(
            "5.0.0",
            "O(1)",
            "<host port | NO ONE>",
            "Configures a server as replica of another, or promotes it to a master.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    return Following.answer(args, reply);
  }
}
