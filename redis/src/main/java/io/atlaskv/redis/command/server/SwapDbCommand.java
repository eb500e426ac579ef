package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.DatabaseNumber;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `SWAPDB index1 index2`: all clients of the one see the keys of the other at once. One record in
/// the log, whatever is in them.
public final class SwapDbCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SWAPDB", 3, Group.SERVER, Flag.WRITE, Flag.FAST, Flag.EXCLUSIVE)
        .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
        .doc(
            "4.0.0",
            "O(N) where N is the count of clients watching or blocking on keys from both databases.",
            "index1 index2",
            "Swaps two Redis databases.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!isInt(args, 1, "first", reply) || !isInt(args, 2, "second", reply)) {
      return Outcome.DONE;
    }
    int first = DatabaseNumber.parse(args, 1, reply);
    int second = first < 0 ? first : DatabaseNumber.parse(args, 2, reply);
    if (second < 0) {
      return Outcome.DONE;
    }
    if (first != second && context.swapDatabases(first, second) == Outcome.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    reply.ok();
    return Outcome.DONE;
  }

  private static boolean isInt(Args args, int i, String which, ReplyWriter reply) {
    boolean isInt = args.isNumber(i) && args.number() == (int) args.number();
    if (!isInt) {
      reply.error("ERR invalid " + which + " DB index");
    }
    return isInt;
  }
}
