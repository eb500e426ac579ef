package io.atlaskv.redis.command;

import java.util.Locale;

/// What COMMAND reports of a command, and what routing needs to know.
public enum Flag {
  WRITE(true),
  READONLY(true),
  DENYOOM(true),
  ADMIN(true),
  FAST(true),
  LOADING(true),
  STALE(true),
  NOSCRIPT(true),
  NO_AUTH(true),
  ALLOW_BUSY(true),
  /// Keeps every other write out while it runs; not reported.
  EXCLUSIVE(false);

  private final boolean isReported;

  Flag(boolean isReported) {
    this.isReported = isReported;
  }

  public boolean isReported() {
    return isReported;
  }

  /// Redis' word for it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
