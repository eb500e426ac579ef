package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.SimClock;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class CommitDelayTest {
  private static final long SYNC_NANOS = 90_000;

  private final SimPorts world = SimPorts.create(0);
  private final SimClock clock = world.clock();
  private final Waits waits = new Waits();
  private final LogProgress progress = new LogProgress(new ReentrantLock(), waits, () -> {}, 0);
  private final CommitDelay delay = new CommitDelay(waits, clock);
  private long written;

  /// Lets so many writers come while it is waited, then the time end.
  private final class Waits implements Waiter {
    private int coming;
    private int count;
    private long longestNanos;

    @Override
    public boolean spin(BooleanSupplier done, long timeoutNanos) {
      count++;
      longestNanos = Math.max(longestNanos, timeoutNanos);
      boolean isDone = done.getAsBoolean();
      for (; !isDone && coming > 0; coming--) {
        write(1);
        isDone = done.getAsBoolean();
      }
      return isDone;
    }

    @Override
    public Signal signal() {
      return world.ports().waiter().signal();
    }
  }

  private void write(int count) {
    written += count;
    progress.written(new LogProgress.Place(written, written));
  }

  /// A sync, with so many that come while it is delayed, and then while it runs; answers how many
  /// it covered.
  private long sync(int coming, int late, long nanos) {
    waits.coming = coming;
    delay.await(progress);
    return sync(late, nanos);
  }

  private long sync(int late, long nanos) {
    LogProgress.Place place = progress.written();
    long covered = place.count() - progress.durable().count();
    delay.began(covered);
    clock.advance(nanos);
    write(late);
    delay.ended(late);
    progress.durable(place);
    return covered;
  }

  @Test
  void oneWriterIsNeverDelayed() {
    for (int i = 0; i < 1_000; i++) {
      write(1);
      assertEquals(1, sync(0, 0, SYNC_NANOS));
    }
    assertEquals(0, waits.count);
  }

  /// Half of the writers come while the other half is synced: from then on all come together.
  @Test
  void bothHalvesOfTheWritersAreSyncedTogether() {
    write(4);
    assertEquals(4, sync(0, 4, SYNC_NANOS));
    for (int i = 0; i < 100; i++) {
      assertEquals(8, sync(8, 0, SYNC_NANOS));
    }
    assertTrue(waits.longestNanos <= SYNC_NANOS / 2, () -> "waited " + waits.longestNanos);
  }

  /// Those that think for long between their writes cost ever fewer waits.
  @Test
  void writersThatDoNotComeAreWaitedForSeldom() {
    syncsWithoutCompany();
    assertTrue(waits.count < 25, () -> waits.count + " waits");
  }

  private void syncsWithoutCompany() {
    for (int i = 0; i < 1_000; i++) {
      write(1);
      sync(0, 1, SYNC_NANOS);
    }
  }

  /// Writers who write again as soon as they are let go: while it is waited, or else while the next
  /// sync runs.
  @Test
  void writersThatComeAgainAreWaitedForAgain() {
    syncsWithoutCompany();
    int writers = 8;
    int together = 0;
    for (int i = 0; i < 200; i++) {
      long pending = written - progress.durable().count();
      if (pending == 0) {
        write(1); // the one that syncs
        pending = 1;
      }
      waits.coming = (int) (writers - pending);
      delay.await(progress);
      long covered = written - progress.durable().count();
      together += covered == writers ? 1 : 0;
      waits.coming = 0;
      sync((int) (writers - covered), SYNC_NANOS);
    }
    assertTrue(together > 130, together + " of 200 syncs were of all");
  }

  @Test
  void slowDisksAreNotWaitedForLongerThanProcessorsAllow() {
    write(4);
    sync(0, 4, 50_000_000);
    sync(0, 4, 50_000_000);
    assertEquals(1, waits.count);
    assertTrue(waits.longestNanos <= 100_000, () -> "waited " + waits.longestNanos);
  }
}
