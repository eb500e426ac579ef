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

/// `UNLINK key [key ...]`: how many were deleted.
public final class UnlinkCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("UNLINK", -2, Group.GENERIC, Flag.WRITE, Flag.FAST)
        .keys(KeySpec.ALL.as(KeyFlag.RM, KeyFlag.DELETE))
        .categories(AclCategory.KEYSPACE)
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .doc(
            "4.0.0",
            "O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of.",
            "key [key ...]",
            "Asynchronously deletes one or more keys.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Deletion.delete(context, args, reply);
  }
}
