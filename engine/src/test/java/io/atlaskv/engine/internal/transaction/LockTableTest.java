package io.atlaskv.engine.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.DeadlockException;
import io.atlaskv.engine.api.LockLimitException;
import io.atlaskv.engine.api.LockTimeoutException;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class LockTableTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final byte[] A = {'a'};
  private static final byte[] B = {'b'};
  private static final byte[] C = {'c'};

  private final Waiter waiter = SystemPorts.waiter();
  private final LockTable locks = new LockTable(waiter, key -> key, Long.MAX_VALUE);
  private final LockOwner one = new LockOwner(1);
  private final LockOwner two = new LockOwner(2);
  private final LockOwner three = new LockOwner(3);

  @Test
  void locksAreBoundedByTheirMemory() {
    var bounded = new LockTable(waiter, key -> key, 2 * (LockTable.LOCK_BYTES + 1));
    bounded.acquire(one, A, false, MINUTE);
    bounded.acquire(one, A, true, MINUTE); // counted already
    bounded.acquire(two, B, true, MINUTE);
    var refused =
        assertThrows(LockLimitException.class, () -> bounded.acquire(one, C, true, MINUTE));
    assertThat(refused.limit()).isEqualTo(2 * (LockTable.LOCK_BYTES + 1));
    assertThat(refused.used()).isEqualTo(refused.limit());
    assertThat(refused).hasMessageContaining("memoryLimitBytes");
    bounded.releaseAll(two);
    assertThrows(LockTimeoutException.class, () -> bounded.acquire(two, A, true, 0));
    bounded.acquire(one, C, true, MINUTE); // what timed out does not count
    bounded.releaseAll(one);
    bounded.releaseAll(one);
    bounded.releaseAll(two);
    assertThat(bounded.bytes()).isZero();
    assertThat(bounded.keys()).isZero();
  }

  /// One that is refused takes no room, not for a moment.
  @Test
  void aLockThatIsRefusedIsInNobodysWay() throws Exception {
    var bounded = new LockTable(waiter, key -> key, 2 * (LockTable.LOCK_BYTES + 1));
    byte[] large = new byte[2 * LockTable.LOCK_BYTES];
    var isDone = new AtomicBoolean();
    Call refused =
        Call.of(() -> {
          while (!isDone.get()) {
            assertThrows(LockLimitException.class, () -> bounded.acquire(two, large, true, 0));
          }
          return null;
        });
    try {
      for (int i = 0; i < 100_000; i++) {
        bounded.acquire(one, A, true, 0);
        bounded.releaseAll(one);
      }
    } finally {
      isDone.set(true);
    }
    refused.isDone();
    assertThat(bounded.bytes()).isZero();
  }

  /// A call on a thread of its own.
  private record Call(Thread thread, FutureTask<Void> task) {
    static Call of(Callable<Void> work) {
      var task = new FutureTask<>(work);
      return new Call(Thread.ofVirtual().start(task), task);
    }

    /// Returns when the call waits for something.
    Call untilItWaits() {
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        assertTrue(!task.isDone(), "it did not wait");
        Thread.onSpinWait();
      }
      return this;
    }

    void isDone() throws Exception {
      task.get(1, TimeUnit.MINUTES);
    }

    Throwable failure() {
      return assertThrows(ExecutionException.class, this::isDone).getCause();
    }
  }

  private Call acquiring(LockOwner owner, byte[] key, boolean isExclusive) {
    return Call.of(() -> {
      locks.acquire(owner, key, isExclusive, MINUTE);
      return null;
    });
  }

  @Test
  void sharedLocksGoTogetherAndExclusiveOnesDoNot() throws Exception {
    locks.acquire(one, A, false, 0);
    locks.acquire(two, A, false, 0);
    assertThrows(LockTimeoutException.class, () -> locks.acquire(three, A, true, 0));
    Call waits = acquiring(three, A, true).untilItWaits();
    locks.releaseAll(one);
    locks.releaseAll(two);
    waits.isDone();
    assertThrows(LockTimeoutException.class, () -> locks.acquire(one, A, false, 0));
    locks.acquire(three, A, false, 0); // it has more
    locks.releaseAll(three);
    assertThat(locks.keys()).isZero();
  }

  @Test
  void whoComesLaterDoesNotOvertakeThoseThatWait() throws Exception {
    locks.acquire(one, A, false, 0);
    Call writer = acquiring(two, A, true).untilItWaits();
    assertThrows(LockTimeoutException.class, () -> locks.acquire(three, A, false, 0));
    locks.releaseAll(one);
    writer.isDone();
    locks.releaseAll(two);
    locks.acquire(three, A, false, 0);
    locks.releaseAll(three);
    assertThat(locks.keys()).isZero();
  }

  @Test
  void aHolderThatWantsMoreGoesFirst() throws Exception {
    locks.acquire(one, A, false, 0);
    locks.acquire(two, A, false, 0);
    Call writer = acquiring(three, A, true).untilItWaits();
    Call upgrade = acquiring(one, A, true).untilItWaits();
    locks.releaseAll(two);
    upgrade.isDone();
    locks.releaseAll(one);
    writer.isDone();
  }

  @Test
  void whoGivesUpWaitingLetsOthersPass() throws Exception {
    locks.acquire(one, A, false, 0);
    Call writer =
        Call.of(() -> {
          locks.acquire(two, A, true, 50_000_000);
          return null;
        });
    writer.untilItWaits();
    Call reader = acquiring(three, A, false); // behind the writer, or after it
    assertThat(writer.failure()).isInstanceOf(LockTimeoutException.class);
    reader.isDone();
  }

  @Test
  void ofTwoThatWaitForEachOtherTheYoungerIsTold() throws Exception {
    locks.acquire(one, A, true, 0);
    locks.acquire(two, B, true, 0);
    Call younger = acquiring(two, A, true).untilItWaits();
    Call older = acquiring(one, B, true);
    assertThat(younger.failure()).isInstanceOf(DeadlockException.class);
    locks.releaseAll(two);
    older.isDone();
    assertThat(locks.keys()).isEqualTo(2);
  }

  @Test
  void theYoungestIsToldThoughItComesLast() throws Exception {
    locks.acquire(one, A, true, 0);
    locks.acquire(two, B, true, 0);
    Call older = acquiring(one, B, true).untilItWaits();
    assertThrows(DeadlockException.class, () -> locks.acquire(two, A, true, MINUTE));
    locks.releaseAll(two);
    older.isDone();
  }

  @Test
  void ofThreeInACircleTheYoungestIsTold() throws Exception {
    locks.acquire(one, A, true, 0);
    locks.acquire(two, B, true, 0);
    locks.acquire(three, C, false, 0);
    Call first = acquiring(one, B, false).untilItWaits();
    Call youngest = acquiring(three, A, false).untilItWaits();
    Call second = acquiring(two, C, true);
    assertThat(youngest.failure()).isInstanceOf(DeadlockException.class);
    locks.releaseAll(three);
    second.isDone();
    locks.releaseAll(two);
    first.isDone();
  }

  @Test
  void twoReadersThatBothWantToWriteAreADeadlock() throws Exception {
    locks.acquire(one, A, false, 0);
    locks.acquire(two, A, false, 0);
    Call older = acquiring(one, A, true).untilItWaits();
    assertThrows(DeadlockException.class, () -> locks.acquire(two, A, true, MINUTE));
    locks.releaseAll(two);
    older.isDone();
  }

  @Test
  void aCircleThroughTheQueueIsFound() throws Exception {
    locks.acquire(one, A, false, 0);
    locks.acquire(three, B, true, 0);
    Call writer = acquiring(two, A, true).untilItWaits(); // for one
    Call reader = acquiring(three, A, false).untilItWaits(); // for two, who is before it
    Call closing = acquiring(one, B, false); // for three
    assertThat(reader.failure()).isInstanceOf(DeadlockException.class);
    locks.releaseAll(three);
    closing.isDone();
    locks.releaseAll(one);
    writer.isDone();
  }

  @Test
  void aCloseEndsAllWaits() {
    locks.acquire(one, A, true, 0);
    Call waits = acquiring(two, A, false).untilItWaits();
    locks.close();
    assertThat(waits.failure()).isInstanceOf(ClosedException.class);
    assertThrows(ClosedException.class, () -> locks.acquire(three, B, false, 0));
    locks.releaseAll(one);
    assertThat(locks.keys()).isZero();
  }

  @Test
  void anInterruptEndsNoWaitAndStays() throws Exception {
    locks.acquire(one, A, true, 0);
    Call waits =
        Call.of(() -> {
          locks.acquire(two, A, true, MINUTE);
          assertTrue(Thread.currentThread().isInterrupted());
          return null;
        });
    waits.untilItWaits().thread.interrupt();
    waits.untilItWaits();
    locks.releaseAll(one);
    waits.isDone();
  }

  /// Many threads lock a few keys in any order: no two have a key exclusively, everybody gets
  /// through, nothing is left.
  @Test
  void everybodyGetsThrough() throws Exception {
    int threads = 8;
    int keys = 5;
    var holders = new AtomicIntegerArray(keys); // −1 for exclusively
    var deadlocks = new AtomicInteger();
    var calls = new ArrayList<Call>();
    for (int thread = 0; thread < threads; thread++) {
      var random = new Random(SEED + thread);
      int number = thread;
      calls.add(
          Call.of(() -> {
            for (int round = 0; round < 500; round++) {
              take(new LockOwner(round * threads + number), random, holders, deadlocks);
            }
            return null;
          }));
    }
    for (Call call : calls) {
      call.isDone();
    }
    assertThat(locks.keys()).isZero();
    System.out.println("LockTableTest: " + deadlocks + " deadlocks, seed " + SEED);
  }

  private void take(
      LockOwner owner, Random random, AtomicIntegerArray holders, AtomicInteger deadlocks) {
    var held = new ArrayList<Integer>();
    boolean isExclusive = random.nextBoolean();
    try {
      for (int i = 0; i < 3; i++) {
        int key = random.nextInt(holders.length());
        if (!held.contains(key)) {
          locks.acquire(owner, new byte[] {(byte) key}, isExclusive, MINUTE);
          held.add(key);
          int now = holders.addAndGet(key, isExclusive ? -1 : 1);
          assertTrue(isExclusive ? now == -1 : now > 0, "key " + key + " is held " + now);
        }
        Thread.onSpinWait();
      }
    } catch (DeadlockException e) {
      deadlocks.incrementAndGet();
    }
    for (int key : List.copyOf(held)) {
      holders.addAndGet(key, isExclusive ? 1 : -1);
    }
    locks.releaseAll(owner);
  }
}
