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

/// `RENAMENX key newkey`: 1 if there was no `newkey` and now is.
public final class RenameNxCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("RENAMENX", 3, Group.GENERIC, Flag.WRITE, Flag.FAST)
        .keys(
            KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.DELETE),
            KeySpec.at(2).as(KeyFlag.OW, KeyFlag.INSERT))
        .categories(AclCategory.KEYSPACE)
        .doc(
            "1.0.0",
            "O(1)",
            "key newkey",
            "Renames a key only when the target key name doesn't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Renaming.rename(context, args, true, reply);
  }
}
