package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `PING [message]`: `PONG`, or the message.
public final class PingCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("PING", -1, Group.CONNECTION, Flag.FAST, Flag.SUBSCRIBED)
        .categories(AclCategory.CONNECTION)
        .doc("1.0.0", "O(1)", "[message]", "Returns the server's liveliness response.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (args.count() > 2) {
      reply.error(Errors.arity("ping"));
    } else if (context.session().isSubscribedInVersion2()) {
      reply.array(2);
      reply.bulk("pong");
      if (args.count() == 2) {
        reply.bulk(args.segment(), args.offset(1), args.length(1));
      } else {
        reply.bulk("");
      }
    } else if (args.count() == 2) {
      reply.bulk(args.segment(), args.offset(1), args.length(1));
    } else {
      reply.simple("PONG");
    }
    return Outcome.DONE;
  }
}
