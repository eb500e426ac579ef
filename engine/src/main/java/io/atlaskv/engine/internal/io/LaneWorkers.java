package io.atlaskv.engine.internal.io;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads of one lane: started when there is work, gone again after a minute without.
final class LaneWorkers {
  private static final long IDLE_SECONDS = 60;

  private final ThreadPoolExecutor executor;

  /// @param priority of its threads, see `Thread`
  LaneWorkers(String name, int threads, int priority) {
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new Threads(name, priority));
    executor.allowCoreThreadTimeOut(true);
  }

  void execute(Runnable work) {
    executor.execute(work);
  }

  /// Lets nothing begin that has not begun.
  void stop() {
    executor.shutdown();
    executor.getQueue().clear();
  }

  boolean awaitStopped(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }

  /// True for the threads of any lane.
  static boolean isWorker(Thread thread) {
    return thread instanceof WorkerThread;
  }

  private static final class WorkerThread extends Thread {
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it only is faster
    WorkerThread(Runnable target, String name, int priority) {
      super(target, name);
      setDaemon(true);
      setPriority(priority);
    }
  }

  private static final class Threads implements ThreadFactory {
    private final String name;
    private final int priority;
    private final AtomicInteger started = new AtomicInteger();

    Threads(String name, int priority) {
      this.name = name;
      this.priority = priority;
    }

    @Override
    public Thread newThread(Runnable target) {
      return new WorkerThread(target, name + "-" + started.incrementAndGet(), priority);
    }
  }
}
