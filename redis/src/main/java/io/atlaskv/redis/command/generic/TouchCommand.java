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

/// `TOUCH key [key ...]`: how many of these exist; they count as accessed now.
public final class TouchCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("TOUCH", -2, Group.GENERIC, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ALL.as(KeyFlag.RO))
        .categories(AclCategory.KEYSPACE)
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .doc(
            "3.2.1",
            "O(N) where N is the number of keys that will be touched.",
            "key [key ...]",
            "Returns the number of existing keys out of those specified after updating the time they were last accessed.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    return Existence.count(context, args, true, reply);
  }
}
