package io.atlaskv.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// Threads that begin at once. What one of them fails with, [#join] fails with. Used by one thread.
public final class Crew {
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch go = new CountDownLatch(1);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// Starts a thread, which waits for [#go].
  public void add(String name, Runnable work) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon() // the failure of another thread ends the program
            .uncaughtExceptionHandler((_, cause) -> failures.add(cause))
            .start(() -> {
              await();
              work.run();
            }));
  }

  /// Lets all begin.
  public void go() {
    go.countDown();
  }

  /// Whether a thread has failed: one that waits for its work would wait for ever.
  boolean hasFailed() {
    return !failures.isEmpty();
  }

  /// Waits for all.
  public void join() {
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for " + threads, e);
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a thread of the benchmark failed", failures.element());
    }
  }

  private void await() {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted before the start", e);
    }
  }
}
