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

/// `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`: 1 if the expiry was set.
public final class ExpireAtCommand implements Command {
  private static final Expiration EXPIRATION = new Expiration("expireat", 1000, false);

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("EXPIREAT", -3, Group.GENERIC, Flag.WRITE, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.UPDATE))
        .categories(AclCategory.KEYSPACE)
        .doc(
            "1.2.0",
            "O(1)",
            "key unix-time-seconds [NX | XX | GT | LT]",
            "Sets the expiration time of a key to a Unix timestamp.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return EXPIRATION.expire(context, args, reply);
  }
}
