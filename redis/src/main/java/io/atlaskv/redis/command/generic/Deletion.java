package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.DistinctKeys;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What DEL and UNLINK share: here both give back space in the background.
final class Deletion {
  private Deletion() {}

  static Outcome delete(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    var distinct = DistinctKeys.of(args, 1);
    boolean isMissing = false;
    int deleted = 0;
    for (int i = 1; i < args.count(); i++) {
      if (!distinct.isLast(i)) {
        continue;
      }
      int found = keys.find(args.segment(), args.offset(i), args.length(i));
      if (found == Reader.NEEDS_BLOCKS) {
        isMissing = true; // go on: all blocks are fetched at once
      } else if (found == Reader.FOUND) {
        keys.delete();
        context.notify(KeyEventClass.GENERIC, "del", i);
        deleted++;
      }
    }
    reply.integer(deleted);
    return isMissing ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }
}
