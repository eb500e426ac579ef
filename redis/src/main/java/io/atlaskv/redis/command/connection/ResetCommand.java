package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `RESET`: the connection is as new.
public final class ResetCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "RESET",
            1,
            Group.CONNECTION,
            Flag.ALLOW_BUSY,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.NO_AUTH,
            Flag.NOT_QUEUED,
            Flag.SUBSCRIBED)
        .categories(AclCategory.CONNECTION)
        .doc("6.2.0", "O(1)", "", "Resets the connection.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    context.endTransaction();
    context.session().reset();
    context.session().authenticated(!Password.isRequired(context));
    reply.version(context.session().protocol());
    reply.simple("RESET");
    return Outcome.DONE;
  }
}
