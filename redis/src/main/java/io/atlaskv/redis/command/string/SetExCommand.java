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

/// `SETEX key seconds value`: SET with an expiry.
public final class SetExCommand implements Command {
  private static final SetOptions OPTIONS = SetOptions.expiring(Expiry.EX, 2);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SETEX", 4, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.ONE.as(KeyFlag.OW, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "2.0.0",
            "O(1)",
            "key seconds value",
            "Sets the string value and expiration time of a key. Creates the key if it doesn't exist.")
        .deprecated("2.6.12", "`SET` with the `EX` argument");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return SetCommand.set(context, args, reply, "setex", OPTIONS, 3);
  }
}
