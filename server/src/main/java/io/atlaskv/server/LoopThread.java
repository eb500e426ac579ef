package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/// The thread of one event loop. It outlives every exception, and no error: then the state of the
/// loop is not known, its clients would hang, so they are sent away and the server is told to end.
final class LoopThread {
  private static final System.Logger LOGGER = new LateLogger(LoopThread.class);
  private static final long DRAIN_NANOS = 500_000_000;
  private static final long JOIN_MILLIS = 1_500;

  private final EventLoop loop;
  private final Consumer<Error> onError;
  private final Thread thread;
  private volatile boolean isStopping;
  private boolean isBroken;

  /// @param onError runs on this thread when the loop cannot go on
  LoopThread(int number, EventLoop loop, Consumer<Error> onError) {
    this.loop = loop;
    this.onError = onError;
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
    while (!isStopping && !isBroken) {
      step(true);
    }
    drain();
    try {
      loop.closeConnections();
    } catch (Error e) {
      fail(e);
    }
  }

  private void drain() {
    long end = System.nanoTime() + DRAIN_NANOS;
    if (!isBroken) {
      step(false);
    }
    while (!isBroken && !loop.isIdle() && System.nanoTime() < end) {
      step(false);
      Thread.onSpinWait();
    }
  }

  private void step(boolean maySleep) {
    try {
      loop.step(maySleep);
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.ERROR, "a round of an event loop failed", e);
    } catch (Error e) {
      fail(e);
    }
  }

  /// First what ends the server: the log may need memory that is not there.
  private void fail(Error e) {
    if (!isBroken) {
      isBroken = true;
      onError.accept(e);
      LOGGER.log(Level.ERROR, "an event loop cannot go on, the server ends", e);
    }
  }
}
