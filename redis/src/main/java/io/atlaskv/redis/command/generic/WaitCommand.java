package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `WAIT numreplicas timeout`: how many replicas have what this client wrote. There are none, so it
/// is 0, at once if none are asked for, else after the timeout.
public final class WaitCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("WAIT", 3, Group.GENERIC)
        .categories(AclCategory.CONNECTION)
        .tips("request_policy:all_shards", "response_policy:agg_min")
        .doc(
            "3.0.0",
            "O(1)",
            "numreplicas timeout",
            "Blocks until the asynchronous replication of all preceding write commands sent by the connection is completed.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    if (!args.isNumber(1)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    long replicas = args.number();
    long timeoutMillis = WaitTimeout.parse(args, 2, reply);
    if (timeoutMillis == WaitTimeout.INVALID) {
      return Outcome.DONE;
    }
    if (replicas > 0 && !WaitTimeout.isOver(context, timeoutMillis)) {
      return Outcome.WAITS;
    }
    if (WaitTimeout.isRefused(context, reply)) {
      return Outcome.DONE;
    }
    reply.integer(0);
    return Outcome.DONE;
  }
}
