package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;

/// What FLUSHDB and FLUSHALL share: each database gets a fresh namespace and the old one is covered
/// by one range tombstone, all in one batch.
final class Flush {
  private static final Keyword SYNC = Keyword.of("SYNC");
  private static final Keyword ASYNC = Keyword.of("ASYNC");

  private Flush() {}

  /// Empties databases `first` to `last`.
  static Outcome flush(Context context, Args args, ReplyWriter reply, int first, int last) {
    boolean isValid =
        args.count() == 1 || (args.count() == 2 && (args.is(1, SYNC) || args.is(1, ASYNC)));
    if (!isValid) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    for (int number = first; number <= last; number++) {
      if (!context.databases().flush(number, context.batch())) {
        return Outcome.NEEDS_ROOM;
      }
    }
    reply.ok();
    return Outcome.DONE;
  }
}
