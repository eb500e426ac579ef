package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What EXISTS and TOUCH share.
final class Existence {
  private Existence() {}

  /// Answers how many of the keys exist; a key given twice counts twice.
  static Outcome count(Context context, Args args, boolean touches, ReplyWriter reply) {
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
        if (touches) {
          context.data().accessTimes().used(keys.hash(), keys.nowMillis());
        }
      }
    }
    context.reader().releaseSnapshot();
    reply.integer(existing);
    return isMissing ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }
}
