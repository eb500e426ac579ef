package io.atlaskv.server;

import io.atlaskv.redis.command.Snapshots;

/// Looks ten times a second whether a snapshot is due; it is made by a worker.
final class SaveClock {
  private static final long PAUSE_NANOS = 100_000_000;

  private final EventLoop loop;
  private final Snapshots snapshots;

  SaveClock(EventLoop loop, Snapshots snapshots) {
    this.loop = loop;
    this.snapshots = snapshots;
  }

  void start() {
    loop.after(PAUSE_NANOS, this::turn);
  }

  private void turn() {
    snapshots.turn();
    start();
  }
}
