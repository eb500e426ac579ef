package io.atlaskv.redis.command.transaction;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `WATCH key [key ...]`: the next EXEC does nothing if one of the keys is no longer what it is
/// now.
///
/// Holds the latches of the keys, so that it comes before or after each change of them, never in
/// the middle.
public final class WatchCommand implements Command {
  private static final String NO_ROOM =
      "ERR no room for further watched keys: those of all clients take their share of the heap";

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "WATCH",
            -2,
            Group.TRANSACTIONS,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.ALLOW_BUSY,
            Flag.NOT_QUEUED,
            Flag.LATCHED)
        .keys(KeySpec.ALL)
        .categories(AclCategory.TRANSACTION)
        .doc(
            "2.2.0",
            "O(1) for every key.",
            "key [key ...]",
            "Monitors changes to keys to determine the execution of a transaction.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (context.session().queue() != null) {
      reply.error("ERR WATCH inside MULTI is not allowed");
      return Outcome.DONE;
    }
    WatchList watches = context.session().watches();
    if (watches != null && watches.isTouched()) { // its EXEC does nothing anyway
      reply.ok();
      return Outcome.DONE;
    }
    long bytes = WatchList.bytes(args.count() - 1, args.bytesFrom(1));
    if (!context.data().watchedKeys().hasRoomFor(bytes)) {
      context.data().watchRefused(context.session());
      reply.error(NO_ROOM);
      return Outcome.DONE;
    }
    if (bytes + (watches == null ? 0 : watches.bytes()) > context.host().queueBytesMax()) {
      context.session().closeAfterReply();
      reply.error(Errors.QUEUE_TOO_LONG);
      return Outcome.DONE;
    }
    Outcome outcome = context.watch(args);
    if (outcome == Outcome.DONE) {
      reply.ok();
    }
    return outcome;
  }
}
