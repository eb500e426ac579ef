package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SimPortsTest {
  private final SimPorts world = SimPorts.create(1);
  private final SimScheduler scheduler = world.scheduler();
  private final List<String> events = new ArrayList<>();

  private Task steps(String name, int count) {
    var left = new AtomicInteger(count);
    return () -> {
      events.add(name);
      return left.decrementAndGet() > 0;
    };
  }

  /// A bit of everything; returns the order of events.
  private static String run(SimPorts world) {
    var log = new StringBuilder();
    Scheduler scheduler = world.scheduler();
    for (int i = 0; i < 4; i++) {
      int number = i;
      var left = new AtomicInteger(5);
      scheduler.submit(
          Lane.COMPACTION,
          () -> {
            log.append(number);
            return left.decrementAndGet() > 0;
          });
      scheduler.schedule(
          Lane.SYNC,
          Math.floorMod(world.ports().random().nextLong(), 1_000_000L),
          () -> {
            log.append('s');
            try (AppendFile file = world.files().create(FileName.table(number))) {
              file.append(ByteBuffer.allocateDirect(number));
            }
            return false;
          });
    }
    world.scheduler().runFor(10_000_000);
    return log.toString();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    Set<Long> traces = new HashSet<>();
    Set<String> orders = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      SimPorts first = SimPorts.create(seed);
      SimPorts second = SimPorts.create(seed);
      String order = run(first);
      assertEquals(order, run(second));
      assertEquals(first.trace(), second.trace());
      assertEquals(first.clock().nanoTime(), second.clock().nanoTime());
      assertEquals(24, order.length(), order);
      traces.add(first.trace());
      orders.add(order);
    }
    assertEquals(20, traces.size());
    assertTrue(orders.size() > 10, orders.toString());
  }

  @Test
  void stepsOfOneLaneWithOneSlotAreNotMixed() {
    scheduler.submit(Lane.FLUSH, steps("a", 3));
    scheduler.submit(Lane.FLUSH, steps("b", 3));
    scheduler.runUntilIdle();
    assertEquals(List.of("a", "a", "a", "b", "b", "b"), events);
  }

  @Test
  void timePassesWhenNothingCanRun() {
    long begun = world.clock().nanoTime();
    long wall = world.clock().currentTimeMillis();
    scheduler.schedule(Lane.SYNC, 5_000_000_000L, steps("late", 1));
    scheduler.schedule(Lane.SYNC, 1_000_000_000L, steps("early", 1));
    scheduler.runUntilIdle();
    assertEquals(List.of(), events);
    scheduler.runUntil(() -> events.size() == 2);
    assertEquals(List.of("early", "late"), events);
    assertTrue(world.clock().nanoTime() - begun >= 5_000_000_000L);
    assertTrue(world.clock().currentTimeMillis() - wall >= 5_000);
  }

  @Test
  void aCancelledTaskDoesNotRun() {
    Cancellable cancellable = scheduler.schedule(Lane.SYNC, 1_000, steps("never", 1));
    cancellable.cancel();
    scheduler.runFor(1_000_000);
    assertEquals(List.of(), events);
  }

  @Test
  void waitingRunsTheOthers() {
    var isDone = new AtomicBoolean();
    scheduler.schedule(
        Lane.FLUSH,
        7_000_000,
        () -> {
          isDone.set(true);
          return false;
        });
    Signal signal = world.ports().waiter().signal();
    assertFalse(signal.await(isDone::get, 1_000_000));
    assertTrue(signal.await(isDone::get, Long.MAX_VALUE));
  }

  @Test
  void aWaitThatNothingCanEndIsADeadlock() {
    Signal signal = world.ports().waiter().signal();
    scheduler.submit(Lane.FLUSH, steps("a", 3));
    var failure =
        assertThrows(IllegalStateException.class, () -> signal.await(() -> false, Long.MAX_VALUE));
    assertTrue(failure.getMessage().startsWith("deadlock"), failure.getMessage());
    assertThrows(IllegalStateException.class, () -> scheduler.runUntil(() -> false));
  }

  @Test
  void aStepThatWaitsRunsOthersButNotItself() {
    Signal signal = world.ports().waiter().signal();
    var isDone = new AtomicBoolean();
    scheduler.submit(
        Lane.FETCH,
        () -> {
          events.add("begins");
          signal.await(isDone::get, Long.MAX_VALUE);
          events.add("ends");
          return false;
        });
    scheduler.schedule(
        Lane.SYNC,
        1_000_000,
        () -> {
          events.add("helps");
          isDone.set(true);
          return false;
        });
    scheduler.runUntil(() -> events.size() == 3);
    assertEquals(List.of("begins", "helps", "ends"), events);
  }

  @Test
  void failuresOfStepsComeOut() {
    scheduler.submit(
        Lane.LOG,
        () -> {
          throw new AssertionError("planted");
        });
    assertEquals(
        "planted", assertThrows(AssertionError.class, scheduler::runUntilIdle).getMessage());
    scheduler.submit(Lane.LOG, steps("next", 1));
    scheduler.runUntilIdle();
    assertEquals(List.of("next"), events);
  }

  @Test
  void closeDropsTasksButNotActors() {
    scheduler.addActor(steps("actor", 1));
    scheduler.submit(Lane.LOG, steps("task", 1));
    scheduler.close();
    scheduler.runUntilIdle();
    assertEquals(List.of("actor"), events);
    assertThrows(ClosedException.class, () -> scheduler.submit(Lane.LOG, steps("late", 1)));
  }

  @Test
  void theWallClockCanJump() {
    long nanos = world.clock().nanoTime();
    long wall = world.clock().currentTimeMillis();
    world.clock().jumpWall(-86_400_000);
    assertEquals(nanos, world.clock().nanoTime());
    assertEquals(wall - 86_400_000, world.clock().currentTimeMillis());
  }

  @Test
  void aNewWorldGoesOnWithTheFilesThatAreLeft() {
    FileSystemContract.writeNew(world.files(), "a", (byte) 1);
    world.files().syncDirectory();
    SimPorts next = SimPorts.on(world.files().crash(3), 2);
    assertEquals(List.of("a"), next.files().list());
    assertNotEquals(
        world.ports().random().nextLong(), next.ports().random().nextLong(), "same seed");
  }
}
