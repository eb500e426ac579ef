package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.function.Consumer;

/// The subcommands of CLIENT that are about the client itself.
final class ClientSelf {
  static final String CACHING_WITHOUT_TRACKING =
      "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled";
  private static final String NO_TRACKING =
      "ERR CLIENT TRACKING ON is not supported: there is no client side caching yet";

  private static final Keyword LIB_NAME = Keyword.of("LIB-NAME");
  private static final Keyword LIB_VER = Keyword.of("LIB-VER");
  private static final Keyword ON = Keyword.of("ON");
  private static final Keyword OFF = Keyword.of("OFF");
  private static final Keyword SKIP = Keyword.of("SKIP");

  private ClientSelf() {}

  static void name(Session session, ReplyWriter reply) {
    if (session.name().isEmpty()) {
      reply.nullValue();
    } else {
      reply.bulk(session.name());
    }
  }

  static void rename(Session session, Args args, ReplyWriter reply) {
    String name = args.text(2);
    if (ClientNames.isValid(name)) {
      session.name(name);
      reply.ok();
    } else {
      reply.error(ClientNames.INVALID);
    }
  }

  static void library(Session session, Args args, ReplyWriter reply) {
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

  static void onOff(Args args, ReplyWriter reply, Consumer<Boolean> target) {
    boolean isOn = args.is(2, ON);
    if (isOn || args.is(2, OFF)) {
      target.accept(isOn);
      reply.ok();
    } else {
      reply.error(Errors.SYNTAX);
    }
  }

  static void replies(Session session, Args args, ReplyWriter reply) {
    if (args.is(2, ON)) {
      session.replies(true);
      reply.ok();
    } else if (args.is(2, OFF)) {
      session.replies(false);
    } else if (args.is(2, SKIP)) {
      session.skipNextReply();
    } else {
      reply.error(Errors.SYNTAX);
    }
  }

  static void track(Args args, ReplyWriter reply) {
    if (args.is(2, OFF)) {
      reply.ok();
    } else {
      reply.error(args.is(2, ON) ? NO_TRACKING : Errors.SYNTAX);
    }
  }

  static void tracking(ReplyWriter reply) {
    reply.map(3);
    reply.bulk("flags");
    reply.set(1);
    reply.bulk("off");
    reply.bulk("redirect");
    reply.integer(-1);
    reply.bulk("prefixes");
    reply.array(0);
  }
}
