package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;

/// `SHUTDOWN [NOSAVE | SAVE]`: syncs what is written and ends the process; no reply.
public final class ShutdownCommand implements Command {
  private static final Keyword SAVE = Keyword.of("SAVE");
  private static final Keyword NOSAVE = Keyword.of("NOSAVE");
  private static final Keyword NOW = Keyword.of("NOW");
  private static final Keyword FORCE = Keyword.of("FORCE");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "SHUTDOWN",
            -1,
            Group.SERVER,
            Flag.ADMIN,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.NO_MULTI,
            Flag.ALLOW_BUSY)
        .doc(
            "1.0.0",
            "O(1)",
            "[NOSAVE | SAVE] [NOW] [FORCE]",
            "Synchronously saves the database(s) to disk and shuts down the server.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    for (int i = 1; i < args.count(); i++) {
      if (!args.is(i, SAVE) && !args.is(i, NOSAVE) && !args.is(i, NOW) && !args.is(i, FORCE)) {
        reply.error(Errors.SYNTAX);
        return Outcome.DONE;
      }
    }
    context.session().closeAfterReply();
    context.host().shutdown();
    return Outcome.DONE;
  }
}
