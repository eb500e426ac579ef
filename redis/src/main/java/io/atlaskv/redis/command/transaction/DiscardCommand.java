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

/// `DISCARD`: forgets what was queued since MULTI, and what is watched.
public final class DiscardCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "DISCARD",
            1,
            Group.TRANSACTIONS,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.ALLOW_BUSY,
            Flag.NOT_QUEUED)
        .categories(AclCategory.TRANSACTION)
        .doc(
            "2.0.0",
            "O(N), when N is the number of queued commands",
            "",
            "Discards a transaction.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (context.session().queue() == null) {
      reply.error("ERR DISCARD without MULTI");
      return Outcome.DONE;
    }
    context.endTransaction();
    reply.ok();
    return Outcome.DONE;
  }
}
