package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.util.Locale;

/// `DEBUG`: what tests need and nobody else should; see `enable-debug-command`.
public final class DebugCommand implements Command {
  private static final System.Logger LOGGER = new LateLogger(DebugCommand.class);
  private static final String NOT_ALLOWED =
      "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can"
          + " run it from a local connection, otherwise you need to set this option in the"
          + " configuration file, and then restart the server.";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final CommandSpec SPEC =
      CommandSpec.of("DEBUG", -2, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
          .doc("1.0.0", "Depends on subcommand.", "", "A container for debugging commands.");
  private static final Subcommand HELP =
      Subcommand.help(
          SPEC,
          "1.0.0",
          "CONFIG-REWRITE-FORCE-ALL",
          "    Rewrite the configuration file with all settings, even those that have their",
          "    default value.",
          "DIGEST",
          "    Output a hex signature representing the current DB content.",
          "DIGEST-VALUE <key> [<key> ...]",
          "    Output a hex signature of the values of all the specified keys.",
          "ERROR <string>",
          "    Return a Redis protocol error with <string> as message. Useful for clients",
          "    unit tests to simulate Redis errors.",
          "LOG <message>",
          "    Write <message> to the server log.",
          "LOADAOF",
          "    As RELOAD.",
          "OBJECT <key>",
          "    Show low level info about `key` and associated value.",
          "PROTOCOL <type>",
          "    Reply with a test value of the specified type. <type> can be: string,",
          "    integer, double, bignum, null, array, set, map, attrib, push, verbatim,",
          "    true, false.",
          "RELOAD",
          "    Write everything to tables and forget what is in memory of it, so that every",
          "    read afterwards comes from disk.",
          "SET-ACTIVE-EXPIRE <0|1>",
          "    Setting it to 0 disables expiring keys in background when they are not",
          "    accessed (otherwise the Redis behavior). Setting it to 1 reenables back the",
          "    default.",
          "SLEEP <seconds>",
          "    Keep this client waiting for <seconds>. Decimals allowed.");

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    if (!context
        .data()
        .settings()
        .access
        .enableDebugCommand
        .value()
        .includes(context.session().isLocal())) {
      reply.error(NOT_ALLOWED);
      return Outcome.DONE;
    }
    String name = args.text(1).toUpperCase(Locale.ROOT);
    int count = args.count();
    if (name.equals("HELP") && count == 2) {
      HELP.run(context, args, reply);
    } else if (name.equals("SLEEP") && count == 3) {
      return sleep(context, args, reply);
    } else if (name.equals("SET-ACTIVE-EXPIRE") && count == 3) {
      context.data().isActiveExpire(args.byteAt(2, 0) != '0');
      reply.ok();
    } else if ((name.equals("RELOAD") || name.equals("LOADAOF")) && count == 2) {
      return reload(context, reply);
    } else if (name.equals("CONFIG-REWRITE-FORCE-ALL") && count == 2) {
      return ConfigCommand.rewrite(context, true, reply);
    } else if (name.equals("OBJECT") && count == 3) {
      return object(context, args, reply);
    } else if (name.equals("DIGEST") && count == 2) {
      return context.isOnWorker() ? digest(context, reply) : Outcome.NEEDS_WORKER;
    } else if (name.equals("DIGEST-VALUE") && count > 2) {
      return context.isOnWorker() ? digestValues(context, args, reply) : Outcome.NEEDS_WORKER;
    } else if (name.equals("LOG") && count == 3) {
      LOGGER.log(System.Logger.Level.WARNING, "DEBUG LOG: {0}", args.text(2));
      reply.ok();
    } else if (name.equals("ERROR") && count == 3) {
      reply.error(args.text(2).replaceAll("[\\r\\n]", " "));
    } else if (name.equals("PROTOCOL") && count == 3) {
      DebugProtocol.reply(args.text(2), reply);
    } else {
      reply.error(Errors.subcommandSyntax(args, "DEBUG"));
    }
    return Outcome.DONE;
  }

  /// Others are served meanwhile, unlike in Redis; the time counts as that of the command.
  private static Outcome sleep(Context context, Args args, ReplyWriter reply) {
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    try {
      context.store().pause((long) (Double.parseDouble(args.text(2)) * NANOS_PER_SECOND));
    } catch (NumberFormatException _) {
      LOGGER.log(System.Logger.Level.DEBUG, "DEBUG SLEEP without a number sleeps not at all");
    }
    reply.ok();
    return Outcome.DONE;
  }

  private static Outcome reload(Context context, ReplyWriter reply) {
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    context.store().flush();
    context.store().dropCache();
    reply.ok();
    return Outcome.DONE;
  }

  private static Outcome object(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.peek(args.segment(), args.offset(2), args.length(2));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      reply.error(Errors.NO_KEY);
      return Outcome.DONE;
    }
    long now = keys.nowMillis();
    long used = context.data().accessTimes().lastUse(keys.hash(), keys.sequence(), now);
    reply.simple(
        "Value at:"
            + keys.sequence()
            + " refcount:1 encoding:"
            + keys.encodingName()
            + " serializedlength:"
            + keys.stringLength()
            + " lru:"
            + used / 1000 % (1 << 24)
            + " lru_seconds_idle:"
            + (now - used) / 1000);
    return Outcome.DONE;
  }

  private static Outcome digest(Context context, ReplyWriter reply) {
    var digest = new DatasetDigest();
    digest.addAll(context);
    reply.simple(digest.hex());
    return Outcome.DONE;
  }

  private static Outcome digestValues(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    reply.array(args.count() - 2L);
    for (int i = 2; i < args.count(); i++) {
      var digest = new DatasetDigest();
      if (keys.peek(args.segment(), args.offset(i), args.length(i)) == Reader.FOUND) {
        digest.addValue(keys.type(), keys.expiresAt() != 0, keys.string());
      }
      reply.simple(digest.hex());
    }
    return Outcome.DONE;
  }
}
