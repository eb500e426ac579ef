package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Databases;
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
    if (!args.isNumber(1)) {
      reply.error(Errors.NOT_AN_INTEGER);
    } else if (args.number() != (int) args.number()) {
      reply.error(Errors.NOT_AN_INT);
    } else if (args.number() < 0 || args.number() >= Databases.COUNT) {
      reply.error(Errors.DB_INDEX);
    } else {
      context.session().database((int) args.number());
      reply.ok();
    }
    return Outcome.DONE;
  }
}
