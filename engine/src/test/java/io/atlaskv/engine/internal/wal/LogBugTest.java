package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.ForwardingScheduler;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A bug, or a lack of memory, meets the thread that writes or syncs for all, or has it done: the
/// others are told when that thread is out of the way, and not before only, or they would wait for
/// ever.
class LogBugTest {
  private static final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final SimPorts world = SimPorts.create(1);
  private final List<Boolean> toldWhileSyncing = new ArrayList<>();
  private boolean hasBugInClock;
  private boolean hasBugInScheduler;
  private boolean hasBugInWaiter;
  private int spins;
  private long last;
  private final Wal wal =
      new Wal(
          new Ports(world.files(), clock(), scheduler(), waiter(), world.ports().random()),
          LogFixture.SMALL,
          LogFixture.STORE,
          WalRecovery.none(world.files()),
          this::told);

  @AfterEach
  void close() {
    hasBugInClock = false;
    hasBugInScheduler = false;
    hasBugInWaiter = false;
    wal.close();
  }

  private void told() {
    if (wal != null) { // a log may tell before it is there
      toldWhileSyncing.add(wal.isSyncing());
    }
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public long nanoTime() {
        return world.clock().nanoTime();
      }

      @Override
      public long currentTimeMillis() {
        if (hasBugInClock) {
          throw new Bug();
        }
        return world.clock().currentTimeMillis();
      }
    };
  }

  private Scheduler scheduler() {
    return new ForwardingScheduler(world.scheduler()) {
      @Override
      public void submit(Lane lane, Task task) {
        if (hasBugInScheduler) {
          throw new Bug();
        }
        super.submit(lane, task);
      }
    };
  }

  private Waiter waiter() {
    return new Waiter() {
      @Override
      public Signal signal() {
        return world.ports().waiter().signal();
      }

      @Override
      public boolean spin(BooleanSupplier done, long timeoutNanos) {
        spins++;
        if (hasBugInWaiter) {
          throw new Bug();
        }
        return world.ports().waiter().spin(done, timeoutNanos);
      }
    };
  }

  private void append() {
    last++;
    try (var batch = new BatchBuilder()) {
      LogFixture.put(batch, last, 10);
      batch.finish();
      wal.append(last, 1, batch.segment(), batch.length());
    }
  }

  @Test
  void aSyncThatThrowsEndsTheLogAndIsToldWhenItHasEnded() {
    wal.onSync(
        new SyncWatch() {
          @Override
          public void began() {
            throw new Bug();
          }

          @Override
          public void ended(long durableSequence) {}
        });
    append();
    assertTrue(wal.write());
    toldWhileSyncing.clear();
    assertThrows(Bug.class, wal::sync);
    assertFalse(wal.isSyncing());
    assertFalse(toldWhileSyncing.getLast(), "whoever closes the log waits for the end of the sync");
    assertNotNull(wal.failure());
  }

  @Test
  void aSyncThatCannotBeginLetsOthersSync() {
    append();
    append();
    assertTrue(wal.write());
    wal.awaitDurable(last); // two writers, so the next sync waits for a second one
    append();
    assertTrue(wal.write());
    hasBugInWaiter = true;
    int before = spins;
    toldWhileSyncing.clear();
    assertThrows(Bug.class, () -> wal.awaitDurable(last));
    assertEquals(before + 1, spins);
    assertFalse(wal.isSyncing());
    assertFalse(toldWhileSyncing.getLast(), "one of those who wait is to sync instead");
    assertNull(wal.failure());
    hasBugInWaiter = false;
    wal.awaitDurable(last);
    assertEquals(last, wal.durableSequence());
  }

  @Test
  void aRequestThatIsNotTakenDoesNotStandInTheWayOfTheNext() {
    append();
    assertTrue(wal.write());
    hasBugInScheduler = true;
    assertThrows(Bug.class, wal::requestSync);
    hasBugInScheduler = false;
    wal.requestSync();
    world.scheduler().runUntil(() -> wal.durableSequence() == last);
  }

  @Test
  void aWriteThatThrowsEndsTheLogAndIsToldWhenItHasEnded() {
    append();
    hasBugInClock = true;
    toldWhileSyncing.clear();
    assertThrows(Bug.class, wal::write);
    assertEquals(2, toldWhileSyncing.size(), "of the failure, and of the end of the write");
    assertNotNull(wal.failure());
  }
}
