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
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `STRLEN key`: bytes of a string, 0 when the key does not exist.
public final class StrlenCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("STRLEN", 2, Group.STRING, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RO))
        .categories(AclCategory.STRING)
        .doc("2.2.0", "O(1)", "key", "Returns the length of a string value.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    reply.integer(found == Reader.FOUND ? keys.stringLength() : 0);
    return Outcome.DONE;
  }
}
