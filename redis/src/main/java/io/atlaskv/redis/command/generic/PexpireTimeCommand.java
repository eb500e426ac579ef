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

/// `PEXPIRETIME key`: when it expires, in ms since 1970; -1 = never, -2 = no such key.
public final class PexpireTimeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("PEXPIRETIME", 2, Group.GENERIC, Flag.READONLY, Flag.FAST, Flag.NO_TOUCH)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.KEYSPACE)
        .doc(
            "7.0.0",
            "O(1)",
            "key",
            "Returns the expiration time of a key as a Unix milliseconds timestamp.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return TimeToLive.replyMoment(context, args, reply, 1);
  }
}
