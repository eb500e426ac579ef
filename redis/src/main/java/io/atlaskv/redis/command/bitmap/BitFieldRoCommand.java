package io.atlaskv.redis.command.bitmap;

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

/// `BITFIELD_RO key [GET type offset ...]`: reads integers of any width.
public final class BitFieldRoCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("BITFIELD_RO", -2, Group.BITMAP, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.BITMAP)
        .doc(
            "6.0.0",
            "O(1) for each subcommand specified",
            "key [GET encoding offset [GET encoding offset ...]]",
            "Performs arbitrary read-only bitfield integer operations on strings.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return BitField.run(context, args, reply, true);
  }
}
