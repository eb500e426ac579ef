package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.BackgroundJob;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Snapshots;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `BGREWRITEAOF`: writes to tables, in the background, what is in the log only; the log's segments
/// before are then reused or deleted. There is no file to rewrite: the log never holds more than
/// the memtables do.
public final class BgRewriteAofCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "BGREWRITEAOF", 1, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.NO_ASYNC_LOADING)
        .doc(
            "1.0.0",
            "O(1)",
            "",
            "Asynchronously writes to tables what is in the log only, so that the log is short.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Snapshots snapshots = context.data().snapshots();
    BackgroundJob rewrites = snapshots.rewrites();
    if (rewrites.isRunning()) {
      reply.error("ERR Background append only file rewriting already in progress");
    } else if (context.isInTransaction() || snapshots.saves().isRunning()) {
      context.afterCommit(rewrites::schedule); // so that it has what the transaction writes
      reply.simple("Background append only file rewriting scheduled");
    } else if (rewrites.begin()) {
      rewrites.start();
      reply.simple("Background append only file rewriting started");
    } else {
      reply.error("ERR Background append only file rewriting already in progress");
    }
    return Outcome.DONE;
  }
}
