package io.atlaskv.redis.command;

import java.util.Locale;

/// Chapter of the documentation that a command belongs to.
public enum Group {
  STRING,
  BITMAP,
  GENERIC,
  TRANSACTIONS,
  PUBSUB,
  CONNECTION,
  SERVER,
  RANGE;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
