package io.atlaskv.redis.command;

import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;

/// One command: stateless, shared by all loops.
public interface Command {
  CommandSpec spec();

  /// Runs once, or as often as it answers that something is missing: what it wrote into `reply` and
  /// the batch is dropped then, so it must begin anew each time. Of a container of subcommands this
  /// runs if none was named and its arity allows that.
  Outcome run(Context context, Args args, ReplyWriter reply);

  /// True if the argument is a password or the like, which nobody else may see.
  default boolean isSecret(Settings settings, Args args, int argument) {
    return false;
  }

  /// The commands whose name is the second argument, if this is a container of such.
  default List<Command> subcommands() {
    return List.of();
  }

  /// What the request that begins at argument `start` does with the keys of `spec`; to be said by a
  /// command where that depends on other arguments.
  default List<KeyFlag> keyFlags(KeySpec spec, Args args, int start) {
    return spec.flags();
  }
}
