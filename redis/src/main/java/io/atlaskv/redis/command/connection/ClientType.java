package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.Session;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Redis' types of clients. There are no masters and replicas yet.
enum ClientType {
  NORMAL,
  MASTER,
  REPLICA,
  PUBSUB;

  /// The type of this name in any case, or null.
  static @Nullable ClientType parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "normal" -> NORMAL;
      case "master" -> MASTER;
      case "slave", "replica" -> REPLICA;
      case "pubsub" -> PUBSUB;
      default -> null;
    };
  }

  static String unknown(String name) {
    return "ERR Unknown client type '" + ClientNames.printable(name) + "'";
  }

  boolean includes(Session session) {
    return this == (session.subscriptions().isAny() ? PUBSUB : NORMAL);
  }
}
