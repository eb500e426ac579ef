package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Cuts the power after every operation of short workloads, in every way or in many, and recovers:
/// what was safe is there, without a hole, and the store goes on from there.
class LogPowerLossTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int STATES_MAX = Integer.getInteger("atlaskv.crash.states", 60);

  @ParameterizedTest
  @EnumSource
  void nothingSafeIsLost(LogWorkload workload) {
    LogFixture log = run(workload, files -> {});
    int states = 0;
    for (int op = 0; op < log.files.operationCount(); op++) {
      states += tryAllAt(log, op, STATES_MAX);
    }
    System.out.println("log power loss " + workload + ": " + states + " states");
    assertTrue(states > 40, "states=" + states);
  }

  @Test
  void aMissingSyncOfTheFileIsFound() {
    assertFound(LogWorkload.SYNC_EACH, 3, files -> files.ignoreSync(3));
    assertFound(LogWorkload.RECYCLE, 5, files -> files.ignoreSync(5));
  }

  @Test
  void aMissingSyncOfANewSegmentIsFound() {
    assertFound(LogWorkload.BIG_GROUPS, 1, files -> files.ignoreSync(1));
  }

  @Test
  void aMissingSyncOfTheDirectoryIsFound() {
    assertFound(LogWorkload.SYNC_EACH, 1, files -> files.ignoreDirectorySync(1));
    assertFound(LogWorkload.RECYCLE, 3, files -> files.ignoreDirectorySync(3));
  }

  /// Fails unless a workload with a planted bug loses something in some state.
  private static void assertFound(LogWorkload workload, int nth, Consumer<FaultFileSystem> bug) {
    LogFixture log = run(workload, bug);
    assertTrue(log.files.count(Kind.SYNC) >= nth);
    Throwable loss = null;
    for (int op = 0; op < log.files.operationCount() && loss == null; op++) {
      loss = firstLoss(log, op);
    }
    assertNotNull(loss, () -> "planted bug was not found in " + workload);
  }

  private static @Nullable Throwable firstLoss(LogFixture log, int op) {
    try {
      tryAllAt(log, op, STATES_MAX);
      return null;
    } catch (AssertionError | CorruptionException found) {
      return found;
    }
  }

  private static LogFixture run(LogWorkload workload, Consumer<FaultFileSystem> bug) {
    LogFixture log = LogFixture.create(SEED, LogFixture.SMALL, bug);
    workload.run(log);
    return log;
  }

  private static int tryAllAt(LogFixture log, int op, int limit) {
    if (!log.files.isCrashPoint(op) || log.journal.get(1).operations() > op + 1) {
      return 0; // before the store was created
    }
    int states = 0;
    for (Iterator<FaultFileSystem> left = log.files.crashStates(op, limit).iterator();
        left.hasNext(); ) {
      tryOne(log, op, left.next(), states++ % 8 == 0);
    }
    return states;
  }

  private static void tryOne(LogFixture log, int op, FaultFileSystem left, boolean isThorough) {
    LogFixture after = log.after(left, SEED + op, log.knownAt(op));
    RecoveredLog first = after.check(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    RecoveredLog second = after.check(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    assertEquals(first, second, left.origin());
    if (isThorough) {
      goOn(after, op);
    }
  }

  /// Recovers, writes on, loses power again, and again.
  private static void goOn(LogFixture log, int op) {
    LogFixture current = log;
    for (int round = 0; round < 3; round++) {
      current.recover(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
      current.append(2, 100);
      current.writeAndSync();
      current.append(1, 900);
      current.wal().write();
      var left = current.files.crash(SEED + op + round);
      current = current.after(left, SEED + round, current.known());
    }
    current.recover(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    current.append(1, 1);
    current.close();
    current.check(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
  }
}
