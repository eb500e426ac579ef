package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// The thread of one event loop. It outlives every exception.
final class LoopThread {
  private static final System.Logger LOGGER = new LateLogger(LoopThread.class);
  private static final long DRAIN_NANOS = 500_000_000;
  private static final long JOIN_MILLIS = 1_500;

  private final EventLoop loop;
  private final Thread thread;
  private volatile boolean isStopping;

  LoopThread(int number, EventLoop loop) {
    this.loop = loop;
    thread = Thread.ofPlatform().name("atlas-loop-" + number).unstarted(this::run);
  }

  EventLoop loop() {
    return loop;
  }

  void start() {
    thread.start();
  }

  /// Ends when what is pending has been sent, or after half a second.
  void requestStop() {
    isStopping = true;
    loop.wakeUp();
  }

  void awaitEnd() {
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(JOIN_MILLIS);
        break;
      } catch (InterruptedException _) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isStopping) {
      step(true);
    }
    long end = System.nanoTime() + DRAIN_NANOS;
    step(false);
    while (!loop.isIdle() && System.nanoTime() < end) {
      step(false);
      Thread.onSpinWait();
    }
    loop.closeConnections();
  }

  private void step(boolean maySleep) {
    try {
      loop.step(maySleep);
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.ERROR, "a round of an event loop failed", e);
    }
  }
}
