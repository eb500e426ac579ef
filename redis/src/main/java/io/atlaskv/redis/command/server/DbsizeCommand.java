package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `DBSIZE`: keys of this database, from a counter.
public final class DbsizeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("DBSIZE", 1, Group.SERVER, Flag.READONLY, Flag.FAST, Flag.COUNTERS)
        .categories(AclCategory.KEYSPACE)
        .doc("1.0.0", "O(1)", "", "Returns the number of keys in the database.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    context.keys().raiseGate(context.store().visibleSequence());
    reply.integer(context.databases().keys(context.session().database()));
    return Outcome.DONE;
  }
}
