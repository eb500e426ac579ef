package io.atlaskv.redis.command.generic;

import io.atlaskv.engine.api.AtlasException;
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
import io.atlaskv.redis.store.Store;

/// `WAITAOF numlocal numreplicas timeout`: 1 if what this client wrote is on disk, and how many
/// replicas have it there. Asks for a sync of the log if need be, whatever the durability, and
/// waits for it; for replicas, of which there are none, until the timeout.
public final class WaitAofCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("WAITAOF", 4, Group.GENERIC, Flag.NOSCRIPT)
        .categories(AclCategory.CONNECTION)
        .tips("request_policy:all_shards", "response_policy:agg_min")
        .doc(
            "7.2.0",
            "O(1)",
            "numlocal numreplicas timeout",
            "Blocks until all of the preceding write commands sent by the connection are written to the append-only file of the master and/or replicas.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    if (!args.isNumber(1)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    long local = args.number();
    if (local < 0 || local > 1) {
      reply.error("ERR value is out of range, value must between 0 and 1");
      return Outcome.DONE;
    }
    if (!args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    long replicas = args.number();
    if (replicas < 0) {
      reply.error(Errors.NOT_POSITIVE);
      return Outcome.DONE;
    }
    long timeoutMillis = WaitTimeout.parse(args, 3, reply);
    if (timeoutMillis == WaitTimeout.INVALID) {
      return Outcome.DONE;
    }
    Store store = context.store();
    boolean isDurable = store.durableSequence() >= context.session().lastWrite();
    AtlasException failure = store.failure();
    if (!isDurable && local > 0 && failure != null) {
      reply.error(Errors.readOnly(failure));
      return Outcome.DONE;
    }
    boolean isEnough = replicas == 0 && (isDurable || local == 0);
    if (!isEnough && !WaitTimeout.isOver(context, timeoutMillis)) {
      if (!isDurable) {
        store.requestSync();
      }
      return Outcome.WAITS;
    }
    if (!isEnough && WaitTimeout.isRefused(context, reply)) {
      return Outcome.DONE;
    }
    reply.array(2);
    reply.integer(isDurable ? 1 : 0);
    reply.integer(0);
    return Outcome.DONE;
  }
}
