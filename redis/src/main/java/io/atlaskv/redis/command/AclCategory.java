package io.atlaskv.redis.command;

import java.util.Locale;

/// Category of commands in access control lists, in the order of Redis.
public enum AclCategory {
  KEYSPACE,
  READ,
  WRITE,
  SET,
  SORTEDSET,
  LIST,
  HASH,
  STRING,
  BITMAP,
  HYPERLOGLOG,
  GEO,
  STREAM,
  PUBSUB,
  ADMIN,
  FAST,
  SLOW,
  BLOCKING,
  DANGEROUS,
  CONNECTION,
  TRANSACTION,
  SCRIPTING;

  /// The word without its `@`.
  public String lowerName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Redis' word for it.
  public String word() {
    return "@" + lowerName();
  }
}
