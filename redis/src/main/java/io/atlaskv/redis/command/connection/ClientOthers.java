package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// The subcommands of CLIENT that are about all clients.
final class ClientOthers {
  private static final Keyword TYPE = Keyword.of("TYPE");
  private static final Keyword ID = Keyword.of("ID");
  private static final Keyword TIMEOUT = Keyword.of("TIMEOUT");
  private static final Keyword ERROR = Keyword.of("ERROR");
  private static final Keyword WRITE = Keyword.of("WRITE");
  private static final Keyword ALL = Keyword.of("ALL");

  private ClientOthers() {}

  static void list(Context context, Args args, ReplyWriter reply) {
    if (args.count() == 4 && args.is(2, TYPE)) {
      ClientType type = ClientType.parse(args.text(3));
      if (type == null) {
        reply.error(ClientType.unknown(args.text(3)));
      } else {
        list(context, type::includes, reply);
      }
    } else if (args.count() > 3 && args.is(2, ID)) {
      Set<Long> ids = new HashSet<>();
      for (int i = 3; i < args.count(); i++) {
        if (!args.isNumber(i)) {
          reply.error("ERR Invalid client ID");
          return;
        }
        ids.add(args.number());
      }
      list(context, session -> ids.contains(session.id()), reply);
    } else if (args.count() == 2) {
      list(context, _ -> true, reply);
    } else {
      reply.error(Errors.SYNTAX);
    }
  }

  private static void list(Context context, Predicate<Session> filter, ReplyWriter reply) {
    var text = new StringBuilder();
    for (Session session : context.host().sessions()) {
      if (filter.test(session)) {
        text.append(ClientLine.of(session, context));
      }
    }
    reply.verbatim(text.toString());
  }

  static void kill(Context context, Args args, ReplyWriter reply) {
    boolean isOldForm = args.count() == 3;
    ClientFilter filter =
        isOldForm
            ? new ClientFilter(0, args.text(2), null, null, false)
            : ClientFilter.parse(args, reply);
    if (filter == null) {
      return;
    }
    int killed = 0;
    for (Session session : context.host().sessions()) {
      if (filter.includes(session, context.session())) {
        killed++;
        if (session == context.session()) {
          session.closeAfterReply();
        } else {
          context.host().kill(session);
        }
      }
    }
    if (!isOldForm) {
      reply.integer(killed);
    } else if (killed > 0) {
      reply.ok();
    } else {
      reply.error("ERR No such client");
    }
  }

  static void pause(Context context, Args args, ReplyWriter reply) {
    boolean isOfWrites = args.count() == 4 && args.is(3, WRITE);
    if (args.count() > 4) {
      reply.error(Errors.subcommandSyntax(args, "CLIENT"));
    } else if (args.count() == 4 && !isOfWrites && !args.is(3, ALL)) {
      reply.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
    } else if (!args.isNumber(2)) {
      reply.error("ERR timeout is not an integer or out of range");
    } else if (args.number() < 0) {
      reply.error("ERR timeout is negative");
    } else {
      long millis = args.number();
      context.afterCommit(() -> context.data().pause().begin(millis, !isOfWrites));
      reply.ok();
    }
  }

  static void unpause(Context context, ReplyWriter reply) {
    context.data().pause().end();
    context.host().pauseEnded();
    reply.ok();
  }

  static void unblock(Context context, Args args, ReplyWriter reply) {
    boolean isError = args.count() == 4 && args.is(3, ERROR);
    if (args.count() > 4) {
      reply.error(Errors.subcommandSyntax(args, "CLIENT"));
    } else if (args.count() == 4 && !isError && !args.is(3, TIMEOUT)) {
      reply.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
    } else if (!args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
    } else {
      long id = args.number();
      long count =
          context.host().sessions().stream()
              .filter(session -> session.id() == id && session.unblock(isError))
              .peek(context.host()::unblocked)
              .count();
      reply.integer(count);
    }
  }
}
