package io.atlaskv.redis.command.string;

import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import org.jspecify.annotations.Nullable;

/// Options of SET, read once. Reused by nobody: SET reads them anew at each run.
record SetOptions(
    boolean isOnlyIfAbsent,
    boolean isOnlyIfPresent,
    boolean returnsOld,
    boolean keepsExpiry,
    Expiry unit,
    int expiryIndex) {
  static final SetOptions PLAIN = new SetOptions(false, false, false, false, Expiry.NONE, 0);

  private static final Keyword NX = Keyword.of("NX");
  private static final Keyword XX = Keyword.of("XX");
  private static final Keyword GET = Keyword.of("GET");
  private static final Keyword KEEPTTL = Keyword.of("KEEPTTL");

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
        if (named == Expiry.NONE || keep || unit != Expiry.NONE || i + 1 == args.count()) {
          return null;
        }
        unit = named;
        index = ++i;
      }
    }
    return new SetOptions(nx, xx, get, keep, unit, index);
  }
}
