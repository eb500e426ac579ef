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
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `APPEND key value`: makes a string longer; only its last fragment is rewritten.
public final class AppendCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("APPEND", 3, Group.STRING, Flag.WRITE, Flag.DENYOOM, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.INSERT))
        .categories(AclCategory.STRING)
        .doc(
            "2.0.0",
            "O(1). The amortized time complexity is O(1) assuming the appended value is small and the already present value is of any size, since the dynamic string library used by Redis will double the free space available on every reallocation.",
            "key value",
            "Appends a string to the value of a key. Creates the key if it doesn't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    int bytes = args.length(2);
    if (StringValues.isForWorker(context, bytes)) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    if (found == Reader.ABSENT) {
      keys.putString(args.segment(), args.offset(2), bytes, 0);
      context.notify(KeyEventClass.STRING, "append", 1);
      reply.integer(bytes);
      return Outcome.DONE;
    }
    long length = keys.stringLength();
    if (!StringValues.isLengthAllowed(context, length, bytes, reply)) {
      return Outcome.DONE;
    }
    if (StringValues.write(keys, length + bytes, length, args, 2) == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    context.notify(KeyEventClass.STRING, "append", 1);
    reply.integer(length + bytes);
    return Outcome.DONE;
  }
}
