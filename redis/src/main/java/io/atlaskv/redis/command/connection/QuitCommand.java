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

/// `QUIT`: `OK`, then the connection is closed.
public final class QuitCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "QUIT",
            -1,
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
        .doc("1.0.0", "O(1)", "", "Closes the connection.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    reply.ok();
    context.session().closeAfterReply();
    return Outcome.DONE;
  }
}
