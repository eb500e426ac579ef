package io.atlaskv.server;

import java.io.IOException;

/// Waits for events of the connections of one loop and reports them to it.
interface Poller extends AutoCloseable {
  /// Waits up to `timeoutNanos` (0 = not at all, negative = without end) and calls
  /// `EventLoop.readable`, `writable` and `accepted` for what has happened.
  void poll(long timeoutNanos, EventLoop loop) throws IOException;

  /// Ends the current or the next `poll` early; any thread may call it.
  void wakeUp();

  @Override
  void close();
}
