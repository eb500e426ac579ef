package io.atlaskv.redis.pubsub;

/// The way to the clients of one event loop.
public interface Outlet {
  /// Any thread may call this: brings `push` to those of the loop who listen, after all that was
  /// sent before it.
  void send(Push push);

  /// Delivers what has been sent so far. Only the loop itself calls this.
  void drain();
}
