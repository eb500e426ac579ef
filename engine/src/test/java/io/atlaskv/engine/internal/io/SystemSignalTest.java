package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemSignalTest {
  private static final long FOREVER = Long.MAX_VALUE;

  private final SystemSignal signal = new SystemSignal();

  @Test
  void whatIsDoneIsNotWaitedFor() {
    assertTrue(signal.await(() -> true, 0));
    assertTrue(signal.await(() -> true, FOREVER));
    assertFalse(signal.await(() -> false, 0));
    assertEquals(0, signal.queued());
  }

  @Test
  void theWaitEndsWithItsTime() {
    long timeout = TimeUnit.MILLISECONDS.toNanos(20);
    long begun = System.nanoTime();
    assertFalse(signal.await(() -> false, timeout));
    assertTrue(System.nanoTime() - begun >= timeout);
  }

  @Test
  void oneWakeReachesAllThreadsOfEitherKind() throws InterruptedException {
    var isDone = new AtomicBoolean();
    var woken = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Thread.Builder builder = i % 100 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(
          builder.start(() -> {
            if (signal.await(isDone::get, FOREVER)) {
              woken.incrementAndGet();
            }
          }));
    }
    while (signal.queued() < threads.size()) {
      Thread.onSpinWait();
    }
    signal.wakeAll(); // not yet: all must wait again
    while (signal.queued() < threads.size()) {
      Thread.onSpinWait();
    }
    assertEquals(0, woken.get());
    isDone.set(true);
    signal.wakeAll();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(threads.size(), woken.get());
  }

  @Test
  void anInterruptNeitherEndsTheWaitNorGetsLost() throws InterruptedException {
    var isDone = new AtomicBoolean();
    var wasInterrupted = new AtomicBoolean();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              signal.await(isDone::get, FOREVER);
              wasInterrupted.set(Thread.currentThread().isInterrupted());
            });
    while (signal.queued() == 0) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    while (thread.isInterrupted()) { // taken note of
      Thread.onSpinWait();
    }
    assertTrue(thread.isAlive());
    isDone.set(true);
    signal.wakeAll();
    thread.join();
    assertTrue(wasInterrupted.get());
  }

  @Test
  void noWakeIsLostBetweenTwoThreadsTakingTurns() throws InterruptedException {
    var turn = new AtomicInteger();
    int turns = 20_000;
    Thread[] threads = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int mine = i;
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int t = mine; t < turns; t += 2) {
                  int expected = t;
                  signal.await(() -> turn.get() == expected, FOREVER);
                  turn.set(t + 1);
                  signal.wakeAll();
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(turns, turn.get());
  }

  @Test
  void waitsThatGaveUpLeaveLittleBehind() {
    for (int i = 0; i < 10_000; i++) {
      assertFalse(signal.await(() -> false, 1));
    }
    assertTrue(signal.queued() <= 65, "queued=" + signal.queued());
  }
}
