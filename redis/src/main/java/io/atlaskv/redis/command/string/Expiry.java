package io.atlaskv.redis.command.string;

import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;

/// How a time to live is given: relative or absolute, in seconds or milliseconds.
enum Expiry {
  NONE("", 1, false),
  EX("EX", 1000, true),
  PX("PX", 1, true),
  EXAT("EXAT", 1000, false),
  PXAT("PXAT", 1, false);

  /// Answer of `resolve` for a time that is not positive or does not fit.
  static final long INVALID = -1;

  private static final Expiry[] NAMED = {EX, PX, EXAT, PXAT};

  private final Keyword word;
  private final long millisPerUnit;
  private final boolean isRelative;

  Expiry(String word, long millisPerUnit, boolean isRelative) {
    this.word = Keyword.of(word);
    this.millisPerUnit = millisPerUnit;
    this.isRelative = isRelative;
  }

  /// The unit that argument `i` names, or NONE.
  static Expiry named(Args args, int i) {
    for (Expiry unit : NAMED) {
      if (args.is(i, unit.word)) {
        return unit;
      }
    }
    return NONE;
  }

  boolean isAbsolute() {
    return this != NONE && !isRelative;
  }

  /// True if this may be given after `earlier`: the same unit again, or none so far.
  boolean mayFollow(Expiry earlier) {
    return this != NONE && (earlier == NONE || earlier == this);
  }

  /// The moment in ms since 1970, or INVALID.
  long resolve(long amount, long nowMillis) {
    if (amount <= 0 || amount > Long.MAX_VALUE / millisPerUnit) {
      return INVALID;
    }
    long millis = amount * millisPerUnit;
    if (!isRelative) {
      return millis;
    }
    return millis > Long.MAX_VALUE - nowMillis ? INVALID : nowMillis + millis;
  }
}
