package io.atlaskv.redis.command.server;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `MONITOR`: from now on this client sees the commands of all.
public final class MonitorCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "MONITOR", 1, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .doc(
            "1.0.0",
            "O(1) for each command that runs.",
            "",
            "Listens for all requests received by the server in real-time.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (context.isInTransaction()) {
      reply.error("ERR MONITOR isn't allowed for DENY BLOCKING client");
      return Outcome.DONE;
    }
    context.session().subscriptions().settle();
    context.session().subscriptions().join(ChannelKind.MONITOR, Bytes.EMPTY);
    context.session().restrictionsChanged();
    reply.ok();
    return Outcome.DONE;
  }
}
