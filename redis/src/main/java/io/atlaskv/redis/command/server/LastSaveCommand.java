package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `LASTSAVE`: when the last snapshot was made, in seconds since 1970.
public final class LastSaveCommand implements Command {
  private static final long MILLIS_PER_SECOND = 1000;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("LASTSAVE", 1, Group.SERVER, Flag.LOADING, Flag.STALE, Flag.FAST)
        .categories(AclCategory.ADMIN, AclCategory.DANGEROUS)
        .tips("nondeterministic_output")
        .doc(
            "1.0.0", "O(1)", "", "Returns the Unix timestamp of the last successful save to disk.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    reply.integer(context.data().snapshots().savedMillis() / MILLIS_PER_SECOND);
    return Outcome.DONE;
  }
}
