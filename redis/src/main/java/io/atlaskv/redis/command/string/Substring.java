package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What GETRANGE and SUBSTR share.
final class Substring {
  private static final byte[] EMPTY = {};

  private Substring() {}

  static Outcome reply(Context context, Args args, ReplyWriter reply) {
    if (!args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    long start = args.number();
    if (!args.isNumber(3)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    long end = args.number();
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    long length = found == Reader.FOUND ? keys.stringLength() : 0;
    boolean isReversed = start < 0 && end < 0 && start > end;
    long from = Math.max(start < 0 ? length + start : start, 0);
    long last = Math.min(Math.max(end < 0 ? length + end : end, 0), length - 1);
    if (isReversed || from > last) {
      reply.bulk(EMPTY, 0, 0);
      return Outcome.DONE;
    }
    return StringValues.replyRange(context, keys, reply, from, last + 1);
  }
}
