package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `TIME`: seconds and microseconds since 1970; the clock of the store counts milliseconds.
public final class TimeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("TIME", 1, Group.SERVER, Flag.LOADING, Flag.STALE, Flag.FAST)
        .tips("nondeterministic_output")
        .doc("2.6.0", "O(1)", "", "Returns the server time.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    long millis = context.keys().nowMillis();
    reply.array(2);
    reply.bulkNumber(millis / 1000);
    reply.bulkNumber(millis % 1000 * 1000);
    return Outcome.DONE;
  }
}
