package io.atlaskv.redis.command;

import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// One command: stateless, shared by all loops.
public interface Command {
  CommandSpec spec();

  /// Runs once, or as often as it answers that something is missing: what it wrote into `reply` and
  /// the batch is dropped then, so it must begin anew each time.
  Outcome run(Context context, Args args, ReplyWriter reply);
}
