package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.DistinctKeys;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `MSET key value [key value ...]`: sets all at once; of a key given twice the last value counts.
public final class MsetCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("MSET", -3, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.PAIRS)
        .categories(AclCategory.STRING)
        .doc(
            "1.0.1",
            "O(N) where N is the number of keys to set.",
            "key value [key value ...]",
            "Atomically creates or modifies the string values of one or more keys.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (args.count() % 2 == 0) {
      reply.error(Errors.arity("mset"));
      return Outcome.DONE;
    }
    Keyspace keys = context.keys();
    var distinct = DistinctKeys.of(args, 2);
    boolean isMissing = false;
    for (int i = 1; i < args.count(); i += 2) {
      if (!distinct.isLast(i)) {
        continue;
      }
      int found = keys.find(args.segment(), args.offset(i), args.length(i));
      if (found == Reader.NEEDS_BLOCKS) {
        isMissing = true; // go on: all blocks are fetched at once
      } else {
        keys.putString(args.segment(), args.offset(i + 1), args.length(i + 1), 0);
        context.notify(KeyEventClass.STRING, "set", i);
      }
    }
    reply.ok();
    return isMissing ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }
}
