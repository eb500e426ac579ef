package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `DEL key [key ...]`: how many were deleted.
public final class DelCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("DEL", -2, Group.GENERIC, Flag.WRITE)
        .keys(KeySpec.ALL)
        .categories(AclCategory.KEYSPACE)
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys that will be removed.",
            "key [key ...]",
            "Deletes one or more keys.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Deletion.delete(context, args, reply);
  }
}
