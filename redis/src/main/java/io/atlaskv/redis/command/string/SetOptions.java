package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import org.jspecify.annotations.Nullable;

/// Options of SET and its like, and of GETEX. Reused by nobody: they are read anew at each run.
record SetOptions(
    boolean isOnlyIfAbsent,
    boolean isOnlyIfPresent,
    boolean returnsOld,
    boolean keepsExpiry,
    boolean persists,
    Expiry unit,
    int expiryIndex) {
  static final SetOptions PLAIN = expiring(Expiry.NONE, 0);

  private static final Keyword NX = Keyword.of("NX");
  private static final Keyword XX = Keyword.of("XX");
  private static final Keyword GET = Keyword.of("GET");
  private static final Keyword KEEPTTL = Keyword.of("KEEPTTL");
  private static final Keyword PERSIST = Keyword.of("PERSIST");

  /// Only an expiry, in argument `index`.
  static SetOptions expiring(Expiry unit, int index) {
    return new SetOptions(false, false, false, false, false, unit, index);
  }

  /// The options from argument 3 on, or null when they are not well formed.
  static @Nullable SetOptions parse(Args args) {
    if (args.count() == 3) {
      return PLAIN;
    }
    boolean nx = false;
    boolean xx = false;
    boolean get = false;
    boolean keep = false;
    Expiry unit = Expiry.NONE;
    int index = 0;
    for (int i = 3; i < args.count(); i++) {
      if (args.is(i, NX) && !xx) {
        nx = true;
      } else if (args.is(i, XX) && !nx) {
        xx = true;
      } else if (args.is(i, GET)) {
        get = true;
      } else if (args.is(i, KEEPTTL) && unit == Expiry.NONE) {
        keep = true;
      } else {
        Expiry named = Expiry.named(args, i);
        if (!named.mayFollow(unit) || keep || i + 1 == args.count()) {
          return null;
        }
        unit = named;
        index = ++i;
      }
    }
    return new SetOptions(nx, xx, get, keep, false, unit, index);
  }

  /// The options of GETEX from argument 2 on, or null when they are not well formed.
  static @Nullable SetOptions parseOfGetEx(Args args) {
    boolean persists = false;
    Expiry unit = Expiry.NONE;
    int index = 0;
    for (int i = 2; i < args.count(); i++) {
      if (args.is(i, PERSIST) && unit == Expiry.NONE) {
        persists = true;
      } else {
        Expiry named = Expiry.named(args, i);
        if (!named.mayFollow(unit) || persists || i + 1 == args.count()) {
          return null;
        }
        unit = named;
        index = ++i;
      }
    }
    return new SetOptions(false, false, false, false, persists, unit, index);
  }

  /// When the key is to expire, 0 = no expiry was given; INVALID: the error is in `reply`.
  long expiresAt(String lowerName, Keyspace keys, Args args, ReplyWriter reply) {
    if (unit == Expiry.NONE) {
      return 0;
    }
    if (!args.isNumber(expiryIndex)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Expiry.INVALID;
    }
    long moment = unit.resolve(args.number(), keys.nowMillis());
    if (moment == Expiry.INVALID) {
      reply.error(Errors.invalidExpire(lowerName));
    }
    return moment;
  }
}
