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
import java.util.List;

/// `BITFIELD key [GET type offset | [OVERFLOW WRAP | SAT | FAIL] SET type offset value | INCRBY
/// type offset increment ...]`: reads and changes integers of any width.
public final class BitFieldCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("BITFIELD", -2, Group.BITMAP, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE, KeyFlag.VARIABLE_FLAGS))
        .categories(AclCategory.BITMAP)
        .doc(
            "3.2.0",
            "O(1) for each subcommand specified",
            "key [GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value | INCRBY encoding offset increment> ...]",
            "Performs arbitrary bitfield integer operations on strings.");
  }

  @Override
  public List<KeyFlag> keyFlags(KeySpec spec, Args args, int start) {
    return BitFieldParser.isReadOnly(args, start + 2)
        ? List.of(KeyFlag.RO, KeyFlag.ACCESS)
        : List.of(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE);
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return BitField.run(context, args, reply, false);
  }
}
