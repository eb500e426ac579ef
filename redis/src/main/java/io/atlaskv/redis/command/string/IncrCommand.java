package io.atlaskv.redis.command.string;

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

/// `INCR key`: increments a number by one.
public final class IncrCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("INCR", 2, Group.STRING, Flag.WRITE, Flag.DENYOOM, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.0",
            "O(1)",
            "key",
            "Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Increment.add(context, args, reply, 1);
  }
}
