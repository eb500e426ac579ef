package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.BackgroundJob;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Snapshots;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;

/// `BGSAVE [SCHEDULE]`: makes a snapshot, a checkpoint of the store, in the background.
public final class BgSaveCommand implements Command {
  private static final Keyword SCHEDULE = Keyword.of("SCHEDULE");
  private static final String OTHER_RUNS =
      "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in"
          + " order to schedule a BGSAVE whenever possible.";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "BGSAVE", -1, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING)
        .doc("1.0.0", "O(1)", "[SCHEDULE]", "Asynchronously saves the database(s) to disk.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    boolean isScheduling = args.count() == 2 && args.is(1, SCHEDULE);
    if (args.count() > 1 && !isScheduling) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    Snapshots snapshots = context.data().snapshots();
    BackgroundJob saves = snapshots.saves();
    boolean isRewriting = snapshots.rewrites().isRunning();
    if (saves.isRunning()) {
      reply.error(SaveCommand.IN_PROGRESS);
    } else if (context.isInTransaction() || (isRewriting && isScheduling)) {
      context.afterCommit(saves::schedule); // so that it has what the transaction writes
      reply.simple("Background saving scheduled");
    } else if (isRewriting) {
      reply.error(OTHER_RUNS);
    } else if (saves.begin()) {
      saves.start();
      reply.simple("Background saving started");
    } else {
      reply.error(SaveCommand.IN_PROGRESS);
    }
    return Outcome.DONE;
  }
}
