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
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.MetadataFormat;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `TYPE key`: its type, or `none`.
public final class TypeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("TYPE", 2, Group.GENERIC, Flag.READONLY, Flag.FAST, Flag.NO_TOUCH)
        .keys(KeySpec.ONE.as(KeyFlag.RO))
        .categories(AclCategory.KEYSPACE)
        .doc("1.0.0", "O(1)", "key", "Determines the type of value stored at a key.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    reply.simple(found == Reader.FOUND ? MetadataFormat.typeName(keys.type()) : "none");
    return Outcome.DONE;
  }
}
