package io.atlaskv.engine.api;

/// What ends a registration. Needs no close when the store is closed.
public interface Subscription extends AutoCloseable {
  /// Ends it; a call that is running goes on to its end. A second call does nothing.
  @Override
  void close();
}
