package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `AUTH [username] password`.
public final class AuthCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "AUTH",
            -2,
            Group.CONNECTION,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.NO_AUTH,
            Flag.ALLOW_BUSY)
        .categories(AclCategory.CONNECTION)
        .doc(
            "1.0.0",
            "O(N) where N is the number of passwords defined for the user",
            "[username] password",
            "Authenticates the connection.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (args.count() > 3) {
      reply.error(Errors.SYNTAX);
    } else if (args.count() == 2 && !Password.isRequired(context)) {
      reply.error(
          "ERR AUTH <password> called without any password configured for the default user. "
              + "Are you sure your configuration is correct?");
    } else if ((args.count() == 3 && !ClientNames.isDefaultUser(args.text(1)))
        || !Password.isRight(context, args.bytes(args.count() - 1))) {
      reply.error(Errors.WRONG_PASS);
    } else {
      context.session().authenticated(true);
      reply.ok();
    }
    return Outcome.DONE;
  }

  @Override
  public boolean isSecret(Settings settings, Args args, int argument) {
    return argument > 0;
  }
}
