package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import java.lang.System.Logger.Level;

/// Something that a loop does again and again, with a pause before each turn. It outlives every
/// exception: the first failure in a row is logged, and the next turn comes all the same.
final class RecurringTask {
  private static final System.Logger LOGGER = new LateLogger(RecurringTask.class);

  private final EventLoop loop;
  private final long pauseNanos;
  private final String name;
  private final Runnable action;
  private boolean isFailing;

  /// @param name for the log
  RecurringTask(EventLoop loop, long pauseNanos, String name, Runnable action) {
    this.loop = loop;
    this.pauseNanos = pauseNanos;
    this.name = name;
    this.action = action;
  }

  void start() {
    loop.after(pauseNanos, this::turn);
  }

  private void turn() {
    try {
      action.run();
      isFailing = false;
    } catch (RuntimeException e) {
      if (!isFailing) {
        isFailing = true;
        LOGGER.log(Level.ERROR, name + " failed, and will be tried again and again", e);
      }
    } finally {
      start(); // whatever it threw
    }
  }
}
