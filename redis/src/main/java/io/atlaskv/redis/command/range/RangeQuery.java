package io.atlaskv.redis.command.range;

import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.data.KeyBounds;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What RANGE, RANGECOUNT and DELRANGE ask for: `start end` or `PREFIX prefix`, then options.
///
/// `start` and `end` are `[key` (inclusive), `(key` (exclusive), `-` (before the first key) or `+`
/// (after the last one), as in ZRANGEBYLEX. `start` is always the smaller one, in reverse too.
record RangeQuery(KeyBounds bounds, boolean isReverse, boolean hasValues, long limit) {
  static final long LIMIT_DEFAULT = 1_000;

  private static final Keyword PREFIX = Keyword.of("PREFIX");
  private static final Keyword REV = Keyword.of("REV");
  private static final Keyword LIMIT = Keyword.of("LIMIT");
  private static final Keyword WITHVALUES = Keyword.of("WITHVALUES");
  private static final Keyword AFTER = Keyword.of("AFTER");
  private static final String NOT_A_BOUND = "ERR min or max not valid string range item";

  /// Reads a query; null when it is not well formed, and `reply` has the error.
  static @Nullable RangeQuery parse(Args args, ReplyWriter reply, boolean isReading) {
    KeyBounds bounds = bounds(args, reply);
    if (bounds == null) {
      return null;
    }
    boolean isReverse = false;
    boolean hasValues = false;
    long limit = LIMIT_DEFAULT;
    int after = 0;
    for (int i = 3; i < args.count(); i++) {
      boolean hasNext = i + 1 < args.count();
      if (isReading && args.is(i, REV)) {
        isReverse = true;
      } else if (isReading && args.is(i, WITHVALUES)) {
        hasValues = true;
      } else if (isReading && hasNext && args.is(i, AFTER)) {
        after = ++i;
      } else if (isReading && hasNext && args.is(i, LIMIT)) {
        i++;
        if (!args.isNumber(i) || args.number() < 1) {
          reply.error(Errors.NOT_POSITIVE);
          return null;
        }
        limit = args.number();
      } else {
        reply.error(Errors.SYNTAX);
        return null;
      }
    }
    if (after > 0) {
      bounds = bounds.after(args.bytes(after), isReverse);
    }
    return new RangeQuery(bounds, isReverse, hasValues, limit);
  }

  private static @Nullable KeyBounds bounds(Args args, ReplyWriter reply) {
    if (args.is(1, PREFIX)) {
      return KeyBounds.prefix(args.bytes(2));
    }
    byte[] start = args.bytes(1);
    byte[] end = args.bytes(2);
    if (!isBound(start) || !isBound(end)) {
      reply.error(NOT_A_BOUND);
      return null;
    }
    if (start[0] == '+' || end[0] == '-') {
      return new KeyBounds(new byte[0], new byte[0]);
    }
    byte[] lower =
        switch (start[0]) {
          case '-' -> new byte[0];
          case '(' -> KeyBounds.successor(key(start));
          default -> key(start);
        };
    byte @Nullable [] upper =
        switch (end[0]) {
          case '+' -> null;
          case '[' -> KeyBounds.successor(key(end));
          default -> key(end);
        };
    return new KeyBounds(lower, upper);
  }

  private static boolean isBound(byte[] text) {
    return text.length > 0
        && (text[0] == '['
            || text[0] == '('
            || (text.length == 1 && (text[0] == '-' || text[0] == '+')));
  }

  private static byte[] key(byte[] bound) {
    return Arrays.copyOfRange(bound, 1, bound.length);
  }
}
