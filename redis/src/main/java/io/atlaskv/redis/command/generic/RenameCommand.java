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

/// `RENAME key newkey`: what `newkey` held before is gone.
public final class RenameCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("RENAME", 3, Group.GENERIC, Flag.WRITE)
        .keys(
            KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.DELETE),
            KeySpec.at(2).as(KeyFlag.OW, KeyFlag.UPDATE))
        .categories(AclCategory.KEYSPACE)
        .doc("1.0.0", "O(1)", "key newkey", "Renames a key and overwrites the destination.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Renaming.rename(context, args, false, reply);
  }
}
