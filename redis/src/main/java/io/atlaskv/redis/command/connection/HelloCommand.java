package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.RedisVersion;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;

/// `HELLO [2 | 3 [AUTH user password] [SETNAME name]]`: handshake.
///
/// Options count as they come, as in Redis: one that is wrong ends the command, those before it
/// stay. The only user is `default`; without a password any is right.
public final class HelloCommand implements Command {
  private static final Keyword AUTH = Keyword.of("AUTH");
  private static final Keyword SETNAME = Keyword.of("SETNAME");
  private static final String UNAUTHENTICATED =
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH "
          + "<user> <pass> option can be used to authenticate the client and select the RESP "
          + "protocol version at the same time";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "HELLO",
            -1,
            Group.CONNECTION,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.NO_AUTH,
            Flag.ALLOW_BUSY)
        .categories(AclCategory.CONNECTION)
        .doc(
            "6.0.0",
            "O(1)",
            "[protover [AUTH username password] [SETNAME clientname]]",
            "Handshakes with the server.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Session session = context.session();
    int version = session.protocol();
    if (args.count() > 1) {
      if (!args.isNumber(1)) {
        reply.error("ERR Protocol version is not an integer or out of range");
        return Outcome.DONE;
      }
      if (args.number() != 2 && args.number() != 3) {
        reply.error(Errors.NO_PROTO);
        return Outcome.DONE;
      }
      version = (int) args.number();
    }
    for (int i = 2; i < args.count(); i++) {
      if (args.is(i, AUTH) && i + 2 < args.count()) {
        if (!ClientNames.isDefaultUser(args.text(i + 1))
            || !Password.isRight(context, args.bytes(i + 2))) {
          reply.error(Errors.WRONG_PASS);
          return Outcome.DONE;
        }
        session.authenticated(true);
        i += 2;
      } else if (args.is(i, SETNAME) && i + 1 < args.count()) {
        String name = args.text(i + 1);
        if (!ClientNames.isValid(name)) {
          reply.error(ClientNames.INVALID);
          return Outcome.DONE;
        }
        session.name(name);
        i++;
      } else {
        reply.error(
            "ERR Syntax error in HELLO option '" + ClientNames.printable(args.text(i)) + "'");
        return Outcome.DONE;
      }
    }
    if (session.needsAuth()) {
      reply.error(UNAUTHENTICATED);
      return Outcome.DONE;
    }
    session.protocol(version);
    reply.version(version);
    reply.map(7);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(RedisVersion.COMPATIBLE);
    reply.bulk("proto");
    reply.integer(version);
    reply.bulk("id");
    reply.integer(session.id());
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk("master");
    reply.bulk("modules");
    reply.array(0);
    return Outcome.DONE;
  }

  @Override
  public boolean isSecret(Settings settings, Args args, int argument) {
    for (int i = 1; i < argument; i++) { // the version may have been forgotten
      if (args.is(i, AUTH)) {
        if (argument <= i + 2) {
          return true; // even if there is no second one: it may be the password
        }
        i += 2;
      } else if (args.is(i, SETNAME)) {
        i++;
      }
    }
    return false;
  }
}
