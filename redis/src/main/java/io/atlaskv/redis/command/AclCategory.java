package io.atlaskv.redis.command;

import java.util.Locale;

/// Category of commands in access control lists.
public enum AclCategory {
  KEYSPACE,
  READ,
  WRITE,
  STRING,
  FAST,
  SLOW,
  ADMIN,
  DANGEROUS,
  CONNECTION;

  /// Redis' word for it.
  public String word() {
    return "@" + name().toLowerCase(Locale.ROOT);
  }
}
