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

/// `MSETNX key value [key value ...]`: sets all at once if none of them exists.
public final class MsetNxCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("MSETNX", -3, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.PAIRS.as(KeyFlag.OW, KeyFlag.INSERT))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.1",
            "O(N) where N is the number of keys to set.",
            "key value [key value ...]",
            "Atomically modifies the string values of one or more keys only when all keys don't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return MsetCommand.set(context, args, reply, "msetnx", true);
  }
}
