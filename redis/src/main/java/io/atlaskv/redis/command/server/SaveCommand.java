package io.atlaskv.redis.command.server;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.command.BackgroundJob;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `SAVE`: makes a snapshot, a checkpoint of the store, and waits for it. Others are served
/// meanwhile, unlike in Redis.
public final class SaveCommand implements Command {
  static final String IN_PROGRESS = "ERR Background save already in progress";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "SAVE",
            1,
            Group.SERVER,
            Flag.ADMIN,
            Flag.NOSCRIPT,
            Flag.NO_ASYNC_LOADING,
            Flag.NO_MULTI)
        .doc("1.0.0", "O(N)", "", "Synchronously saves the database(s) to disk.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    BackgroundJob saves = context.data().snapshots().saves();
    if (!saves.begin()) {
      reply.error(IN_PROGRESS);
      return Outcome.DONE;
    }
    try {
      saves.run();
      reply.ok();
    } catch (AtlasException e) {
      reply.error("ERR " + e.getMessage());
    }
    return Outcome.DONE;
  }
}
