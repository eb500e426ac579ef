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

/// `ECHO message`.
public final class EchoCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("ECHO", 2, Group.CONNECTION, Flag.LOADING, Flag.STALE, Flag.FAST)
        .categories(AclCategory.CONNECTION)
        .doc("1.0.0", "O(1)", "message", "Returns the given string.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    reply.bulk(args.segment(), args.offset(1), args.length(1));
    return Outcome.DONE;
  }
}
