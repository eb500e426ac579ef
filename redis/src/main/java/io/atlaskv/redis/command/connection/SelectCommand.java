package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.DatabaseNumber;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `SELECT index`: the database of this connection from now on.
public final class SelectCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SELECT", 2, Group.CONNECTION, Flag.LOADING, Flag.STALE, Flag.FAST)
        .categories(AclCategory.CONNECTION)
        .doc("1.0.0", "O(1)", "index", "Changes the selected database.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    int database = DatabaseNumber.parse(args, 1, reply);
    if (database >= 0) {
      context.session().database(database);
      reply.ok();
    }
    return Outcome.DONE;
  }
}
