package io.atlaskv.redis.pubsub;

/// The way to the clients of one event loop. Any thread may call it.
public interface Outlet {
  /// Brings `push` to those of the loop who listen, after all that was sent before it.
  void send(Push push);
}
