package io.atlaskv.redis.pubsub;

/// One client that listens. Belongs to one loop.
public interface Listener {
  /// Sends `push` to the client, after all that was sent before.
  void accept(Push push);
}
