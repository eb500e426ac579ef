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

/// `EXISTS key [key ...]`: how many of these exist; a key given twice counts twice.
public final class ExistsCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("EXISTS", -2, Group.GENERIC, Flag.READONLY, Flag.FAST, Flag.NO_TOUCH)
        .keys(KeySpec.ALL.as(KeyFlag.RO))
        .categories(AclCategory.KEYSPACE)
        .tips("request_policy:multi_shard", "response_policy:agg_sum")
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys to check.",
            "key [key ...]",
            "Determines whether one or more keys exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Existence.count(context, args, false, reply);
  }
}
