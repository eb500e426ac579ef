package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LatchesTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private final Latches latches = new Latches();

  @Test
  void isHandedOverInOrderAndIsNeverFreeBetween() {
    var order = new ArrayList<String>();
    assertTrue(latches.take(7, () -> order.add("never")));
    assertFalse(latches.take(7, () -> order.add("first")));
    assertFalse(latches.take(7, () -> order.add("second")));
    latches.release(7);
    assertEquals(List.of("first"), order);
    assertTrue(latches.isTaken(7));
    assertFalse(latches.tryTake(7));
    latches.release(7);
    assertEquals(List.of("first", "second"), order);
    latches.release(7);
    assertTrue(latches.tryTake(7));
  }

  @Test
  void exclusiveWaitsForOneAndKeepsOthersOut() {
    assertTrue(latches.tryTake(100));
    var all = new LatchSet(latches);
    all.addAll();
    var granted = new AtomicInteger();
    assertFalse(all.takeAll(granted::incrementAndGet));
    assertTrue(latches.isTaken(99));
    assertFalse(latches.isTaken(101));
    latches.release(100);
    assertEquals(1, granted.get());
    all.granted();
    assertTrue(all.takeAll(granted::incrementAndGet));
    assertFalse(latches.tryTake(4095));
    all.release();
    assertTrue(latches.tryTake(4095));
  }

  @Test
  void allAtOnceKeepOthersOutAndAreRefusedIfOneIsTaken() {
    assertTrue(latches.tryTake(100));
    assertFalse(latches.tryTakeAll());
    assertTrue(latches.tryTake(99)); // nothing is left of it
    latches.release(99);
    latches.release(100);
    assertTrue(latches.tryTakeAll());
    assertFalse(latches.tryTakeAll());
    assertFalse(latches.tryTake(99));
    assertTrue(latches.isTaken(99));
    latches.releaseAll();
    assertFalse(latches.isTaken(99));
    assertTrue(latches.tryTake(99));
  }

  @Test
  void whoWaitsWhileAllAreTakenHasTheLatchOnceTheyAreGivenBack() {
    var order = new ArrayList<String>();
    assertTrue(latches.tryTakeAll());
    assertFalse(latches.take(7, () -> order.add("first")));
    assertFalse(latches.take(7, () -> order.add("second")));
    assertFalse(latches.take(8, () -> order.add("other")));
    assertEquals(List.of(), order);
    latches.releaseAll();
    assertEquals(List.of("first", "other"), order);
    assertFalse(latches.tryTakeAll());
    latches.release(7);
    assertEquals(List.of("first", "other", "second"), order);
    latches.release(7);
    latches.release(8);
    assertTrue(latches.tryTakeAll());
  }

  /// Several threads take random sets, which overlap, or all latches at once; a counter behind each
  /// latch is not atomic, so a latch held twice loses updates.
  @Test
  void setsFromSeveralThreadsExcludeEachOther() throws InterruptedException {
    int threadCount = 4;
    int rounds = 20_000;
    int[] counters = new int[8];
    var expected = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < threadCount; t++) {
      long seed = SEED + t;
      threads.add(
          Thread.ofPlatform().start(() -> expected.addAndGet(work(seed, rounds, counters))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    int sum = 0;
    for (int counter : counters) {
      sum += counter;
    }
    assertEquals(expected.get(), sum, "rerun: -Dtest=LatchesTest -Datlaskv.seed=" + SEED);
  }

  private int work(long seed, int rounds, int[] counters) {
    var random = new Random(seed);
    var set = new LatchSet(latches);
    var granted = new Semaphore(0);
    int added = 0;
    for (int round = 0; round < rounds; round++) {
      if (random.nextInt(8) == 0) {
        added += countAllAtOnce(counters);
        continue;
      }
      int mask = 1 + random.nextInt((1 << counters.length) - 1);
      for (int i = 0; i < counters.length; i++) {
        if ((mask & 1 << i) != 0) {
          set.add(i);
        }
      }
      set.seal();
      while (!set.takeAll(granted::release)) {
        granted.acquireUninterruptibly();
        set.granted();
      }
      for (int i = 0; i < counters.length; i++) {
        if ((mask & 1 << i) != 0) {
          counters[i]++;
          added++;
        }
      }
      set.release();
    }
    return added;
  }

  private int countAllAtOnce(int[] counters) {
    if (!latches.tryTakeAll()) {
      return 0;
    }
    for (int i = 0; i < counters.length; i++) {
      counters[i]++;
    }
    latches.releaseAll();
    return counters.length;
  }
}
