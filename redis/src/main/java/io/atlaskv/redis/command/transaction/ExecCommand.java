package io.atlaskv.redis.command.transaction;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandQueue;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `EXEC`: runs what was queued since MULTI as one change; null if a watched key is not what it
/// was.
public final class ExecCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "EXEC",
            1,
            Group.TRANSACTIONS,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.SKIP_SLOWLOG,
            Flag.NOT_QUEUED,
            Flag.RUNS_QUEUE)
        .categories(AclCategory.TRANSACTION)
        .doc(
            "1.2.0",
            "Depends on commands in the transaction",
            "",
            "Executes all commands in a transaction.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    CommandQueue queue = context.session().queue();
    if (context.isInTransaction()) {
      return context.runTransaction(reply);
    }
    if (queue == null) {
      reply.error("ERR EXEC without MULTI");
      return Outcome.DONE;
    }
    if (queue.isSpoiled()) {
      reply.error(Errors.EXEC_ABORT);
    } else {
      reply.nullArray();
    }
    context.endTransaction();
    return Outcome.DONE;
  }
}
