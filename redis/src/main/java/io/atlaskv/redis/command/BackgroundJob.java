package io.atlaskv.redis.command;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.store.Store;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Work that is done by one thread at a time, by a command that waits for it or in the background,
/// and what INFO says of it.
public final class BackgroundJob {
  private static final System.Logger LOGGER = new LateLogger(BackgroundJob.class);
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Store store;
  private final String name;
  private final Runnable work;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean isScheduled;
  private volatile boolean isLastGood = true;
  private volatile long begunNanos;
  private volatile long lastSeconds = -1;

  /// @param name for the log
  BackgroundJob(Store store, String name, Runnable work) {
    this.store = store;
    this.name = name;
    this.work = work;
  }

  public boolean isRunning() {
    return isRunning.get();
  }

  /// Has it begun when nothing else runs.
  public void schedule() {
    isScheduled = true;
  }

  public boolean isScheduled() {
    return isScheduled;
  }

  /// Whether the last one succeeded; true before the first.
  public boolean isLastGood() {
    return isLastGood;
  }

  /// How many succeeded.
  public long count() {
    return done.get();
  }

  /// How long the last one took, -1 before the first.
  public long lastSeconds() {
    return lastSeconds;
  }

  /// For how long it has been running, -1 if it is not.
  public long currentSeconds() {
    return isRunning() ? seconds() : -1;
  }

  /// How long ago the last one began.
  long nanosSinceBegin() {
    return store.clock().nanoTime() - begunNanos;
  }

  private long seconds() {
    return nanosSinceBegin() / NANOS_PER_SECOND;
  }

  /// Takes it on, for `run` or `start`; false if it is running.
  public boolean begin() {
    if (!isRunning.compareAndSet(false, true)) {
      return false;
    }
    begunNanos = store.clock().nanoTime();
    isScheduled = false;
    return true;
  }

  /// Does the work on this thread, which may block, after `begin`.
  public void run() {
    boolean isGood = false;
    try {
      work.run();
      done.incrementAndGet();
      isGood = true;
    } finally {
      isLastGood = isGood;
      lastSeconds = seconds();
      isRunning.set(false);
    }
  }

  /// Has the work done in the background, after `begin`.
  public void start() {
    store.execute(() -> {
      try {
        run();
        LOGGER.log(Level.INFO, name + " terminated with success");
      } catch (AtlasException e) {
        LOGGER.log(Level.WARNING, name + " failed: " + e.getMessage());
      }
    });
  }
}
