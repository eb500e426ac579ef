package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.Locale;

/// `CLIENT` GETNAME, ID, INFO, KILL, LIST, NO-EVICT, NO-TOUCH, SETINFO, SETNAME.
public final class ClientCommand implements Command {
  private static final Keyword LIB_NAME = Keyword.of("LIB-NAME");
  private static final Keyword LIB_VER = Keyword.of("LIB-VER");
  private static final Keyword ON = Keyword.of("ON");
  private static final Keyword OFF = Keyword.of("OFF");
  private static final Keyword ID = Keyword.of("ID");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("CLIENT", -2, Group.CONNECTION, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .categories(AclCategory.CONNECTION)
        .doc(
            "2.4.0",
            "Depends on subcommand.",
            "GETNAME | ID | INFO | KILL | LIST | NO-EVICT ON | OFF | NO-TOUCH ON | OFF | SETINFO attribute value | SETNAME name",
            "A container for client connection commands.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Session session = context.session();
    switch (args.text(1).toUpperCase(Locale.ROOT)) {
      case "ID" -> withArity(args, 2, "id", reply, () -> reply.integer(session.id()));
      case "GETNAME" -> withArity(args, 2, "getname", reply, () -> name(session, reply));
      case "SETNAME" -> withArity(args, 3, "setname", reply, () -> rename(args, session, reply));
      case "SETINFO" -> withArity(args, 4, "setinfo", reply, () -> describe(args, session, reply));
      case "NO-EVICT" -> withArity(args, 3, "no-evict", reply, () -> onOff(args, reply));
      case "NO-TOUCH" -> withArity(args, 3, "no-touch", reply, () -> onOff(args, reply));
      case "INFO" ->
          withArity(
              args,
              2,
              "info",
              reply,
              () -> reply.verbatim(session.describe(context.keys().nowMillis()) + "\n"));
      case "LIST" -> list(context, reply);
      case "KILL" -> kill(context, args, reply);
      default -> reply.error(Errors.unknownSubcommand(args, "CLIENT"));
    }
    return Outcome.DONE;
  }

  private static void withArity(
      Args args, int count, String name, ReplyWriter reply, Runnable action) {
    if (args.count() == count) {
      action.run();
    } else {
      reply.error(Errors.arity("client|" + name));
    }
  }

  private static void name(Session session, ReplyWriter reply) {
    if (session.name().isEmpty()) {
      reply.nullValue();
    } else {
      reply.bulk(session.name());
    }
  }

  private static void rename(Args args, Session session, ReplyWriter reply) {
    String name = args.text(2);
    if (!ClientNames.isValid(name)) {
      reply.error(ClientNames.INVALID);
      return;
    }
    session.name(name);
    reply.ok();
  }

  private static void describe(Args args, Session session, ReplyWriter reply) {
    String value = args.text(3);
    boolean isName = args.is(2, LIB_NAME);
    if (!isName && !args.is(2, LIB_VER)) {
      reply.error("ERR Unrecognized option '" + ClientNames.printable(args.text(2)) + "'");
    } else if (!ClientNames.isValid(value)) {
      String option = isName ? "lib-name" : "lib-ver";
      reply.error("ERR " + option + " cannot contain spaces, newlines or special characters.");
    } else {
      session.library(
          isName ? value : session.libraryName(), isName ? session.libraryVersion() : value);
      reply.ok();
    }
  }

  private static void onOff(Args args, ReplyWriter reply) {
    if (args.is(2, ON) || args.is(2, OFF)) {
      reply.ok();
    } else {
      reply.error(Errors.SYNTAX);
    }
  }

  private static void list(Context context, ReplyWriter reply) {
    var text = new StringBuilder();
    long now = context.keys().nowMillis();
    for (Session session : context.host().sessions()) {
      text.append(session.describe(now)).append('\n');
    }
    reply.verbatim(text.toString());
  }

  private static void kill(Context context, Args args, ReplyWriter reply) {
    boolean isById = args.count() == 4 && args.is(2, ID) && args.isNumber(3);
    if (!isById) {
      reply.error(Errors.SYNTAX);
      return;
    }
    long id = args.number();
    int killed = 0;
    for (Session session : context.host().sessions()) {
      if (session.id() == id) {
        killed++;
        if (session == context.session()) {
          session.closeAfterReply();
        } else {
          context.host().kill(session);
        }
      }
    }
    reply.integer(killed);
  }
}
