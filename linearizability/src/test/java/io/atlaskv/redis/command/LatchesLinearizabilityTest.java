package io.atlaskv.redis.command;

import io.atlaskv.linearizability.Histories;
import java.util.concurrent.CountDownLatch;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/// Who has a latch is alone with what it guards, and each continuation runs once.
@Param(name = "latch", gen = IntGen.class, conf = "0:1")
public class LatchesLinearizabilityTest {
  private final Latches latches = new Latches();
  private final int[] counts = new int[2]; // guarded by the latch of the same number

  @Test
  void exclude() {
    Histories.check(getClass(), Sequential.class);
  }

  /// Counts under a latch, wherever the latch is handed over; returns when that is done.
  @Operation
  public int count(@Param(name = "latch") int latch) throws InterruptedException {
    int[] seen = new int[1];
    var isDone = new CountDownLatch(1);
    Runnable work =
        () -> {
          seen[0] = ++counts[latch];
          latches.release(latch);
          isDone.countDown();
        };
    if (latches.take(latch, work)) {
      work.run();
    }
    isDone.await();
    return seen[0];
  }

  /// Counts under both latches, taken in ascending order.
  @Operation
  public int countBoth() throws InterruptedException {
    int[] seen = new int[1];
    var isDone = new CountDownLatch(1);
    Runnable work =
        () -> {
          seen[0] = ++counts[0] + ++counts[1];
          latches.release(1);
          latches.release(0);
          isDone.countDown();
        };
    Runnable second =
        () -> {
          if (latches.take(1, work)) {
            work.run();
          }
        };
    if (latches.take(0, second)) {
      second.run();
    }
    isDone.await();
    return seen[0];
  }

  /// Counts under all latches, as soon as none of them is taken.
  @Operation
  public int countAll() {
    while (!latches.tryTakeAll()) {
      Thread.onSpinWait();
    }
    int seen = ++counts[0] + ++counts[1];
    latches.releaseAll();
    return seen;
  }

  /// The same without latches.
  public static class Sequential {
    private final int[] counts = new int[2];

    public int count(int latch) {
      return ++counts[latch];
    }

    public int countBoth() {
      return ++counts[0] + ++counts[1];
    }

    public int countAll() {
      return ++counts[0] + ++counts[1];
    }
  }
}
