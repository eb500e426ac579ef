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

/// `UNWATCH`: watches no key any more. Within EXEC, which does that itself, it does nothing.
public final class UnwatchCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "UNWATCH",
            1,
            Group.TRANSACTIONS,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.ALLOW_BUSY)
        .categories(AclCategory.TRANSACTION)
        .doc("2.2.0", "O(1)", "", "Forgets about watched keys of a transaction.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!context.isInTransaction()) {
      context.data().unwatch(context.session());
    }
    reply.ok();
    return Outcome.DONE;
  }
}
