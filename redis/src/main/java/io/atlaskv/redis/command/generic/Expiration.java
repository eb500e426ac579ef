package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT share.
final class Expiration {
  private static final Keyword NX = Keyword.of("NX");
  private static final Keyword XX = Keyword.of("XX");
  private static final Keyword GT = Keyword.of("GT");
  private static final Keyword LT = Keyword.of("LT");
  private static final int ONLY_NX = 1;
  private static final int ONLY_XX = 2;
  private static final int ONLY_GT = 4;
  private static final int ONLY_LT = 8;

  private final String lowerName;
  private final long millisPerUnit;
  private final boolean isRelative;

  Expiration(String lowerName, long millisPerUnit, boolean isRelative) {
    this.lowerName = lowerName;
    this.millisPerUnit = millisPerUnit;
    this.isRelative = isRelative;
  }

  Outcome expire(Context context, Args args, ReplyWriter reply) {
    int conditions = 0;
    for (int i = 3; i < args.count(); i++) {
      int condition = condition(args, i);
      if (condition == 0) {
        reply.error("ERR Unsupported option " + args.text(i).replaceAll("[\r\n]", " "));
        return Outcome.DONE;
      }
      conditions |= condition;
    }
    if ((conditions & ONLY_NX) != 0 && conditions != ONLY_NX) {
      reply.error("ERR NX and XX, GT or LT options at the same time are not compatible");
      return Outcome.DONE;
    }
    if ((conditions & ONLY_GT) != 0 && (conditions & ONLY_LT) != 0) {
      reply.error("ERR GT and LT options at the same time are not compatible");
      return Outcome.DONE;
    }
    if (!args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    Keyspace keys = context.keys();
    long now = keys.nowMillis();
    long base = isRelative ? now : 0;
    long amount = args.number();
    boolean isInRange =
        amount <= Long.MAX_VALUE / millisPerUnit
            && amount >= Long.MIN_VALUE / millisPerUnit
            && amount * millisPerUnit <= Long.MAX_VALUE - base;
    if (!isInRange) {
      reply.error(Errors.invalidExpire(lowerName));
      return Outcome.DONE;
    }
    long expiresAt = amount * millisPerUnit + base;
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    boolean isChanged = found == Reader.FOUND && isWanted(conditions, keys.expiresAt(), expiresAt);
    if (isChanged && expiresAt <= now) {
      keys.delete();
      context.notify(KeyEventClass.GENERIC, "del", 1);
    } else if (isChanged) {
      keys.expire(expiresAt);
      context.notify(KeyEventClass.GENERIC, "expire", 1);
    }
    reply.integer(isChanged ? 1 : 0);
    return Outcome.DONE;
  }

  private static int condition(Args args, int i) {
    if (args.is(i, NX)) {
      return ONLY_NX;
    }
    if (args.is(i, XX)) {
      return ONLY_XX;
    }
    if (args.is(i, GT)) {
      return ONLY_GT;
    }
    return args.is(i, LT) ? ONLY_LT : 0;
  }

  private static boolean isWanted(int conditions, long old, long expiresAt) {
    return ((conditions & ONLY_NX) == 0 || old == 0)
        && ((conditions & ONLY_XX) == 0 || old != 0)
        && ((conditions & ONLY_GT) == 0 || (old != 0 && expiresAt > old))
        && ((conditions & ONLY_LT) == 0 || old == 0 || expiresAt < old);
  }
}
