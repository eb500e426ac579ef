package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.DistinctKeys;
import io.atlaskv.redis.command.Errors;
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

/// `MSET key value [key value ...]`: sets all at once; of a key given twice the last value counts.
public final class MsetCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("MSET", -3, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.PAIRS.as(KeyFlag.OW, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.1",
            "O(N) where N is the number of keys to set.",
            "key value [key value ...]",
            "Atomically creates or modifies the string values of one or more keys.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return set(context, args, reply, "mset", false);
  }

  /// What MSET and MSETNX share.
  static Outcome set(
      Context context, Args args, ReplyWriter reply, String lowerName, boolean isOnlyIfAbsent) {
    if (args.count() % 2 == 0) {
      reply.error(Errors.arity(lowerName));
      return Outcome.DONE;
    }
    if (StringValues.isForWorker(context, args.bytesFrom(1))) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    if (isOnlyIfAbsent) {
      int found = findAny(keys, args);
      if (found != Reader.ABSENT) {
        reply.integer(0);
        return found == Reader.NEEDS_BLOCKS ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
      }
    }
    var distinct = DistinctKeys.of(args, 2);
    boolean isMissing = false;
    for (int i = 1; i < args.count(); i += 2) {
      if (distinct.isLast(i)) {
        int found = keys.find(args.segment(), args.offset(i), args.length(i));
        if (found == Reader.NEEDS_BLOCKS) {
          isMissing = true; // go on: all blocks are fetched at once
          continue;
        }
        keys.putString(args.segment(), args.offset(i + 1), args.length(i + 1), 0);
      }
      context.notify(KeyEventClass.STRING, "set", i);
    }
    if (isOnlyIfAbsent) {
      reply.integer(1);
    } else {
      reply.ok();
    }
    return isMissing ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }

  /// FOUND if one of the keys exists.
  private static int findAny(Keyspace keys, Args args) {
    int answer = Reader.ABSENT;
    for (int i = 1; i < args.count(); i += 2) {
      int found = keys.peek(args.segment(), args.offset(i), args.length(i));
      if (found == Reader.FOUND) {
        return Reader.FOUND;
      }
      if (found == Reader.NEEDS_BLOCKS) {
        answer = found; // go on: all blocks are fetched at once
      }
    }
    return answer;
  }
}
