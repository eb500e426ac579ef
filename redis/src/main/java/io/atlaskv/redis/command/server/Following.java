package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;

/// What REPLICAOF and SLAVEOF share.
final class Following {
  private static final Keyword NO = Keyword.of("NO");
  private static final Keyword ONE = Keyword.of("ONE");

  private Following() {}

  static Outcome answer(Args args, ReplyWriter reply) {
    if (args.is(1, NO) && args.is(2, ONE)) {
      reply.ok();
    } else {
      reply.error("ERR AtlasKV cannot be a replica of another server");
    }
    return Outcome.DONE;
  }
}
