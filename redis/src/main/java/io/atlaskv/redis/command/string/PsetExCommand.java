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

/// `PSETEX key milliseconds value`: SET with an expiry.
public final class PsetExCommand implements Command {
  private static final SetOptions OPTIONS = SetOptions.expiring(Expiry.PX, 2);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("PSETEX", 4, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.ONE.as(KeyFlag.OW, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "2.6.0",
            "O(1)",
            "key milliseconds value",
            "Sets both string value and expiration time in milliseconds of a key. The key is created if it doesn't exist.")
        .deprecated("2.6.12", "`SET` with the `PX` argument");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return SetCommand.set(context, args, reply, "psetex", OPTIONS, 3);
  }
}
