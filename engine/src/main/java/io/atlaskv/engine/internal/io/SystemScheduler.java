package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.ClosedException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lanes with few daemon threads each, and one timer thread; all start at the first use.
///
/// Invariants:
/// - S1: after `close` has returned no step runs and none will.
/// - S2: a lane's thread runs one task to its end; what a step throws ends that task only.
final class SystemScheduler implements Scheduler {
  private static final String NAME = "scheduler";

  private static final int FLUSH_PRIORITY = (Thread.MIN_PRIORITY + Thread.NORM_PRIORITY) / 2;

  private final Map<Lane, LaneWorkers> lanes = new EnumMap<>(Lane.class);
  private final ScheduledThreadPoolExecutor timer;
  private final FailureSink failures;
  private volatile boolean isClosing;

  /// @param threads how many threads each lane may have; 1 where nothing is said
  SystemScheduler(Map<Lane, Integer> threads, FailureSink failures) {
    this.failures = failures;
    for (Lane lane : Lane.values()) {
      String name = "atlaskv-" + lane.name().toLowerCase(Locale.ROOT);
      lanes.put(lane, new LaneWorkers(name, threads.getOrDefault(lane, 1), priority(lane)));
    }
    timer = new ScheduledThreadPoolExecutor(1, SystemScheduler::timerThread);
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Nobody waits for a merge, nor for a flush, until what is owed has piled up; then writers are
  /// slowed down, which leaves them the processor. Has an effect only where the JVM was told that
  /// priorities count (`-XX:ThreadPriorityPolicy=1`).
  private static int priority(Lane lane) {
    if (lane == Lane.COMPACTION) {
      return Thread.MIN_PRIORITY;
    }
    return lane == Lane.FLUSH ? FLUSH_PRIORITY : Thread.NORM_PRIORITY;
  }

  private static Thread timerThread(Runnable target) {
    var thread = new Thread(target, "atlaskv-timer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void submit(Lane lane, Task task) {
    start(new Running(lane, task));
  }

  @Override
  public Cancellable schedule(Lane lane, long delayNanos, Task task) {
    var running = new Running(lane, task);
    if (delayNanos <= 0) {
      start(running);
      return running;
    }
    try {
      running.delay = timer.schedule(() -> startLate(running), delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      refuse();
    }
    return running;
  }

  private void start(Running running) {
    if (isClosing) {
      refuse();
      return;
    }
    try {
      workers(running.lane).execute(running);
    } catch (RejectedExecutionException _) {
      refuse();
    }
  }

  private static void refuse() {
    if (!LaneWorkers.isWorker(Thread.currentThread())) {
      throw new ClosedException(NAME);
    }
  }

  private void startLate(Running running) {
    try {
      start(running);
    } catch (ClosedException _) {
      // closed in the moment between: the task is dropped, as all that wait are
    }
  }

  private LaneWorkers workers(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  @Override
  public void close() {
    if (LaneWorkers.isWorker(Thread.currentThread())) {
      throw new IllegalStateException("a task cannot close the scheduler that runs it");
    }
    isClosing = true;
    timer.shutdownNow();
    lanes.values().forEach(LaneWorkers::stop);
    boolean isInterrupted = false;
    for (LaneWorkers workers : lanes.values()) {
      boolean isStopped = false;
      while (!isStopped) {
        try {
          isStopped = workers.awaitStopped(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// A task on its way through a lane.
  private final class Running implements Runnable, Cancellable {
    private final Lane lane;
    private final Task task;
    private volatile boolean isCancelled;
    private volatile @Nullable Future<?> delay;

    Running(Lane lane, Task task) {
      this.lane = lane;
      this.task = task;
    }

    @Override
    public void run() {
      try {
        boolean hasMore = true;
        while (hasMore && !isCancelled && !isClosing) {
          hasMore = task.step();
        }
      } catch (Throwable e) { // S2: even out of memory must not end the lane
        failures.taskFailed(lane, e);
      }
    }

    @Override
    public void cancel() {
      isCancelled = true;
      Future<?> waiting = delay;
      if (waiting != null) {
        waiting.cancel(false);
      }
    }
  }
}
