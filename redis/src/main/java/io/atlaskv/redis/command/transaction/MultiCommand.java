package io.atlaskv.redis.command.transaction;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `MULTI`: the commands that follow are queued, until EXEC or DISCARD.
public final class MultiCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "MULTI",
            1,
            Group.TRANSACTIONS,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.ALLOW_BUSY,
            Flag.NOT_QUEUED)
        .categories(AclCategory.TRANSACTION)
        .doc("1.2.0", "O(1)", "", "Starts a transaction.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (context.session().queue() != null) {
      reply.error("ERR MULTI calls can not be nested");
      return Outcome.DONE;
    }
    context.openQueue();
    reply.ok();
    return Outcome.DONE;
  }
}
