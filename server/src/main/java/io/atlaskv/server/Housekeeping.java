package io.atlaskv.server;

/// Gives a loop its turns to look after connections on which nothing happens.
final class Housekeeping {
  private static final long PAUSE_NANOS = 500_000_000;

  private final EventLoop loop;

  Housekeeping(EventLoop loop) {
    this.loop = loop;
  }

  void start() {
    loop.after(PAUSE_NANOS, this::turn);
  }

  private void turn() {
    loop.housekeep();
    start();
  }
}
