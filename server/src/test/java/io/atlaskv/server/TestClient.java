package io.atlaskv.server;

import redis.clients.jedis.Jedis;

/// A client of a server under test. It has more patience than Jedis has by itself, which is two
/// seconds: a busy machine may let the server wait that long.
final class TestClient {
  private static final int PATIENCE_MILLIS = 50_000;

  private TestClient() {}

  static Jedis of(AtlasServer server) {
    return of("127.0.0.1", server);
  }

  static Jedis of(String host, AtlasServer server) {
    return new Jedis(host, server.port(), PATIENCE_MILLIS);
  }
}
