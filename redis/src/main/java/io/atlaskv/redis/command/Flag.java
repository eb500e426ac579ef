package io.atlaskv.redis.command;

import java.util.Locale;

/// What COMMAND reports of a command, and what routing needs to know.
public enum Flag {
  WRITE(true),
  READONLY(true),
  DENYOOM(true),
  MODULE(true),
  ADMIN(true),
  PUBSUB(true),
  NOSCRIPT(true),
  BLOCKING(true),
  LOADING(true),
  STALE(true),
  SKIP_MONITOR(true),
  SKIP_SLOWLOG(true),
  ASKING(true),
  FAST(true),
  NO_AUTH(true),
  MAY_REPLICATE(true),
  NO_MANDATORY_KEYS(true),
  NO_ASYNC_LOADING(true),
  NO_MULTI(true),
  MOVABLEKEYS(true),
  ALLOW_BUSY(true),
  /// Runs for a client of version 2 that has subscribed to something; not reported.
  SUBSCRIBED(false),
  /// Publishes: waits while writes are paused; not reported.
  PUBLISHES(false),
  /// Keeps every other write out while it runs; not reported.
  EXCLUSIVE(false),
  /// Holds the latches of its keys though it writes nothing; not reported.
  LATCHED(false),
  /// Reads counters, which have one version only; not reported.
  COUNTERS(false),
  /// Only looks: no use of its keys that keeps them from eviction; not reported.
  NO_TOUCH(false),
  /// Runs at once between MULTI and EXEC; not reported.
  NOT_QUEUED(false),
  /// Is EXEC; not reported.
  RUNS_QUEUE(false);

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
