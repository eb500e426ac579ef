package io.atlaskv.engine.internal.transaction;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.DeadlockException;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.linearizability.Histories;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/// Who holds locks of transactions is alone with what they guard, or among readers; circles of
/// those that wait are ended, and nothing is left of a lock.
class LockTableLinearizabilityTest {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  @Test
  void locksExclude() {
    Histories.check(Locked.class, Sequential.class);
  }

  @Test
  void sharedLocksForWritesAreFound() {
    assertThatThrownBy(() -> Histories.checkPlanted(LockedForReads.class, Sequential.class))
        .hasMessageContaining("Invalid execution results");
  }

  public static class Locked extends Calls {
    public Locked() {
      super(true);
    }
  }

  /// A planted mistake.
  public static class LockedForReads extends Calls {
    public LockedForReads() {
      super(false);
    }
  }

  /// The calls that histories are made of.
  @Param(name = "key", gen = IntGen.class, conf = "0:2")
  public abstract static class Calls {
    private final LockTable locks = new LockTable(SystemPorts.waiter(), key -> key, Long.MAX_VALUE);
    private final AtomicLong owners = new AtomicLong();
    private final int[] counts = new int[3]; // each guarded by the lock of its number
    private final boolean isExclusive;

    Calls(boolean isExclusive) {
      this.isExclusive = isExclusive;
    }

    @Operation
    public int count(@Param(name = "key") int key) {
      int[] seen = new int[1];
      locked(owner -> {
        lock(owner, key, isExclusive);
        int before = counts[key];
        letOthersRun();
        counts[key] = before + 1;
        seen[0] = before + 1;
      });
      return seen[0];
    }

    /// In either order: two of them may wait for each other.
    @Operation
    public int swap(@Param(name = "key") int one, @Param(name = "key") int other) {
      int[] seen = new int[1];
      locked(owner -> {
        lock(owner, one, isExclusive);
        lock(owner, other, isExclusive);
        int first = counts[one];
        counts[one] = counts[other];
        letOthersRun();
        counts[other] = first;
        seen[0] = first * 100 + counts[one];
      });
      return seen[0];
    }

    /// Reads both, then writes one: two of them wait for each other to give up the reading.
    @Operation
    public int addInto(@Param(name = "key") int target, @Param(name = "key") int source) {
      int[] seen = new int[1];
      locked(owner -> {
        lock(owner, target, false);
        lock(owner, source, false);
        int sum = (counts[target] + counts[source]) % 50;
        lock(owner, target, isExclusive);
        counts[target] = sum;
        seen[0] = sum;
      });
      return seen[0];
    }

    @Operation
    public String readAll() {
      String[] seen = new String[1];
      locked(owner -> {
        for (int key = 0; key < counts.length; key++) {
          lock(owner, key, false);
        }
        seen[0] = counts[0] + "," + counts[1] + "," + counts[2];
      });
      return seen[0];
    }

    @Validate
    public void nothingIsLeft() {
      if (locks.keys() != 0) {
        throw new IllegalStateException(locks.keys() + " locks are left");
      }
    }

    /// Runs it with an owner, again when it was chosen to end a deadlock.
    private void locked(Consumer<LockOwner> work) {
      long number = owners.incrementAndGet();
      while (true) {
        var owner = new LockOwner(number);
        try {
          work.accept(owner);
          return;
        } catch (DeadlockException _) {
          Thread.onSpinWait(); // the others go on meanwhile
        } finally {
          locks.releaseAll(owner);
        }
      }
    }

    /// In the middle of a change, so that it shows when one of them is let in.
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how much is seen
    private static void letOthersRun() {
      Thread.yield();
    }

    private void lock(LockOwner owner, int key, boolean forWrites) {
      locks.acquire(owner, new byte[] {(byte) key}, forWrites, MINUTE_NANOS);
    }
  }

  /// The same, one thread at a time.
  public static class Sequential {
    private final int[] counts = new int[3];

    public int count(int key) {
      return ++counts[key];
    }

    public int swap(int one, int other) {
      int first = counts[one];
      counts[one] = counts[other];
      counts[other] = first;
      return first * 100 + counts[one];
    }

    public int addInto(int target, int source) {
      counts[target] = (counts[target] + counts[source]) % 50;
      return counts[target];
    }

    public String readAll() {
      return counts[0] + "," + counts[1] + "," + counts[2];
    }
  }
}
