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

/// `SUBSTR key start end`: the old name of GETRANGE.
public final class SubstrCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SUBSTR", 4, Group.STRING, Flag.READONLY)
        .keys(KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.0",
            "O(N) where N is the length of the returned string. The complexity is ultimately determined by the returned length, but because creating a substring from an existing string is very cheap, it can be considered O(1) for small strings.",
            "key start end",
            "Returns a substring from a string value.")
        .deprecated("2.0.0", "`GETRANGE`");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Substring.reply(context, args, reply);
  }
}
