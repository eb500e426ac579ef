package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import java.lang.System.Logger.Level;

/// Ends connections of browsers. A web page can make one send a POST to this port, whose headers
/// fail but whose body would run, line by line; any HTTP request has a `Host:` before its body.
final class CrossProtocol {
  private static final System.Logger LOGGER = new LateLogger(CrossProtocol.class);
  private static final Keyword POST = Keyword.of("POST");
  private static final Keyword HOST = Keyword.of("HOST:");

  private final RareWarning warning;

  CrossProtocol(Clock clock) {
    warning = new RareWarning(clock);
  }

  /// True if the request is the line of an HTTP request; its connection then ends without a reply.
  boolean ends(Context context) {
    Args args = context.args();
    if (!isName(args, POST) && !isName(args, HOST)) {
      return false;
    }
    Session session = context.session();
    if (warning.isDue()) {
      LOGGER.log(
          Level.WARNING,
          "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: "
              + "commands to Redis. This is likely due to an attacker attempting to use Cross "
              + "Protocol Scripting to compromise your Redis instance. Connection from {0} "
              + "aborted.",
          session.address());
    }
    context.host().abort(session);
    return true;
  }

  private static boolean isName(Args args, Keyword word) {
    return word.matches(args.nameSegment(), args.nameOffset(), args.nameLength());
  }
}
