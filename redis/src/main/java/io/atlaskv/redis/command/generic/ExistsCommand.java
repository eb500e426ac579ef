package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `EXISTS key [key ...]`: how many of these exist; a key given twice counts twice.
public final class ExistsCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("EXISTS", -2, Group.GENERIC, Flag.READONLY, Flag.FAST)
        .keys(KeySpec.ALL)
        .categories(AclCategory.KEYSPACE)
        .doc(
            "1.0.0",
            "O(N) where N is the number of keys to check.",
            "key [key ...]",
            "Determines whether one or more keys exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    boolean isMissing = false;
    int existing = 0;
    context.reader().holdSnapshot();
    for (int i = 1; i < args.count(); i++) {
      int found = keys.find(args.segment(), args.offset(i), args.length(i));
      if (found == Reader.NEEDS_BLOCKS) {
        isMissing = true; // go on: all blocks are fetched at once
      } else if (found == Reader.FOUND) {
        existing++;
      }
    }
    context.reader().releaseSnapshot();
    reply.integer(existing);
    return isMissing ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }
}
