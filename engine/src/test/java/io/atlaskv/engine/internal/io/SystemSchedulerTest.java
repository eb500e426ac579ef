package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemSchedulerTest {
  private static final int COMPACTIONS = 2;

  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> events = new LinkedBlockingQueue<>();
  private final SystemScheduler scheduler =
      new SystemScheduler(Map.of(Lane.COMPACTION, COMPACTIONS), (_, e) -> failures.add(e));

  @AfterEach
  void close() {
    scheduler.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Task event(int number) {
    return () -> {
      events.add(number);
      return false;
    };
  }

  @Test
  void aTaskIsSteppedUntilItSaysNo() throws InterruptedException {
    var steps = new AtomicInteger();
    scheduler.submit(
        Lane.FLUSH,
        () -> {
          boolean hasMore = steps.incrementAndGet() < 5;
          if (!hasMore) {
            events.add(0);
          }
          return hasMore;
        });
    assertEquals(0, events.take());
    scheduler.submit(Lane.FLUSH, event(1));
    assertEquals(1, events.take());
    assertEquals(5, steps.get());
  }

  @Test
  void aLaneOfOneThreadKeepsTheOrder() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      scheduler.submit(Lane.SYNC, event(i));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(i, events.take());
    }
  }

  @Test
  void lanesDoNotWaitForEachOther() throws InterruptedException {
    var release = new CountDownLatch(1);
    for (Lane lane : List.of(Lane.LOG, Lane.FLUSH)) {
      scheduler.submit(
          lane,
          () -> {
            await(release);
            return false;
          });
    }
    scheduler.submit(Lane.SYNC, event(1));
    assertEquals(1, events.take());
    release.countDown();
  }

  @Test
  void compactionsRunAtTheSameTime() throws InterruptedException {
    var meeting = new CyclicBarrier(COMPACTIONS);
    for (int i = 0; i < COMPACTIONS; i++) {
      scheduler.submit(
          Lane.COMPACTION,
          () -> {
            try {
              meeting.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
            events.add(1);
            return false;
          });
    }
    assertEquals(1, events.take());
    assertEquals(1, events.take());
  }

  @Test
  void threadsAreDaemonsNamedAfterTheirLane() throws InterruptedException {
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    scheduler.submit(
        Lane.FETCH,
        () -> {
          threads.add(Thread.currentThread());
          return false;
        });
    Thread thread = threads.take();
    assertTrue(thread.isDaemon());
    assertEquals("atlaskv-fetch-1", thread.getName());
  }

  @Test
  void aFailingTaskIsToldOfAndTheLaneGoesOn() throws InterruptedException {
    var failure = new AssertionError("planted");
    scheduler.submit(
        Lane.FLUSH,
        () -> {
          throw failure;
        });
    scheduler.submit(Lane.FLUSH, event(2));
    assertSame(failure, failures.take());
    assertEquals(2, events.take());
  }

  @Test
  void aDelayedTaskRunsNotBeforeItsTime() throws InterruptedException {
    long delay = TimeUnit.MILLISECONDS.toNanos(20);
    long begun = System.nanoTime();
    scheduler.schedule(Lane.SYNC, delay, event(1));
    assertEquals(1, events.take());
    assertTrue(System.nanoTime() - begun >= delay);
  }

  @Test
  void aCancelledTaskTakesNoFurtherStep() throws InterruptedException {
    var busy = new CountDownLatch(1);
    scheduler.submit(
        Lane.FLUSH,
        () -> {
          await(busy);
          return false;
        });
    Cancellable queued = scheduler.schedule(Lane.FLUSH, 0, event(1));
    Cancellable late = scheduler.schedule(Lane.FLUSH, TimeUnit.HOURS.toNanos(1), event(2));
    queued.cancel();
    late.cancel();
    scheduler.submit(Lane.FLUSH, event(3));
    busy.countDown();
    assertEquals(3, events.take());
  }

  @Test
  void closeWaitsForTheRunningStepAndDropsTheRest() throws InterruptedException {
    var started = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    scheduler.submit(
        Lane.FLUSH,
        () -> {
          started.countDown();
          await(release);
          events.add(1);
          return true; // would go on for ever
        });
    scheduler.submit(Lane.FLUSH, event(2));
    scheduler.schedule(Lane.SYNC, TimeUnit.HOURS.toNanos(1), event(3));
    started.await();
    var wasInterrupted = new AtomicBoolean();
    Thread closer =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              scheduler.close();
              wasInterrupted.set(Thread.currentThread().isInterrupted());
            });
    while (!isClosed(event(2))) {
      Thread.onSpinWait();
    }
    assertTrue(closer.isAlive());
    assertTrue(events.isEmpty());
    release.countDown();
    closer.join();
    assertTrue(wasInterrupted.get(), "the closer's interrupt was lost");
    assertEquals(List.of(1), List.copyOf(events));
  }

  @Test
  void whatAStepAsksForWhileItClosesIsDroppedWithoutAWord() throws InterruptedException {
    var started = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    scheduler.submit(
        Lane.COMPACTION,
        () -> {
          started.countDown();
          await(release);
          scheduler.submit(Lane.COMPACTION, event(2));
          scheduler.schedule(Lane.SYNC, 0, event(3));
          scheduler.schedule(Lane.COMPACTION, 1, event(4)).cancel();
          events.add(1); // the step goes on to its end
          return false;
        });
    started.await();
    Thread closer = Thread.ofPlatform().start(scheduler::close);
    while (!isClosed(() -> false)) { // until then they run
      Thread.onSpinWait();
    }
    release.countDown();
    closer.join();
    assertEquals(List.of(1), List.copyOf(events));
    assertEquals(List.of(), List.copyOf(failures));
  }

  private boolean isClosed(Task task) {
    try {
      scheduler.submit(Lane.FLUSH, task);
      return false;
    } catch (ClosedException _) {
      return true;
    }
  }

  @Test
  void afterCloseNothingIsTaken() {
    scheduler.close();
    assertThrows(ClosedException.class, () -> scheduler.submit(Lane.LOG, event(1)));
    assertThrows(ClosedException.class, () -> scheduler.schedule(Lane.LOG, 0, event(1)));
    assertThrows(ClosedException.class, () -> scheduler.schedule(Lane.LOG, 1000, event(1)));
    scheduler.close();
  }

  @Test
  void aTaskCannotCloseItsScheduler() throws InterruptedException {
    scheduler.submit(
        Lane.FLUSH,
        () -> {
          scheduler.close();
          return false;
        });
    assertEquals(IllegalStateException.class, failures.take().getClass());
    scheduler.submit(Lane.FLUSH, event(1));
    assertEquals(1, events.take());
  }

  @Test
  void onlyLanesWithWorkHaveThreads() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    scheduler.submit(Lane.LOG, event(1));
    assertEquals(1, events.take());
    Set<String> started =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .map(Thread::getName)
            .filter(name -> name.startsWith("atlaskv-"))
            .collect(Collectors.toSet());
    assertEquals(Set.of("atlaskv-log-1"), started);
  }

  @Test
  void mergesYieldToFlushesAndBothToWhatSomebodyWaitsFor() throws InterruptedException {
    int merge = priorityIn(Lane.COMPACTION);
    int flush = priorityIn(Lane.FLUSH);
    assertTrue(merge < flush, "merge " + merge + ", flush " + flush);
    assertTrue(flush < Thread.NORM_PRIORITY, "flush " + flush);
    for (Lane lane : List.of(Lane.SYNC, Lane.LOG, Lane.FETCH, Lane.EVENTS)) {
      assertEquals(Thread.NORM_PRIORITY, priorityIn(lane), lane.name());
    }
  }

  private int priorityIn(Lane lane) throws InterruptedException {
    scheduler.submit(
        lane,
        () -> {
          events.add(Thread.currentThread().getPriority());
          return false;
        });
    return events.take();
  }
}
