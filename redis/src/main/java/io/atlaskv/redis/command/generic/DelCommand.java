package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `DEL key [key ...]`: how many were deleted.
public final class DelCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("DEL", -2, Group.GENERIC, Flag.WRITE)
        .keys(KeySpec.ALL.as(KeyFlag.RM, KeyFlag.DELETE))
        .categories(AclCategory.KEYSPACE)
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1).",
            "key [key ...]",
            "Deletes one or more keys.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Deletion.delete(context, args, reply);
  }
}
