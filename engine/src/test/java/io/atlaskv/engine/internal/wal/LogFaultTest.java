package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lets the n-th call of the file system fail, for all n. Whatever happens then, nothing that was
/// told to be safe is lost: neither when the process dies, nor when the power fails.
class LogFaultTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  @ParameterizedTest
  @EnumSource
  void anyFailedCallLosesNothingSafe(LogWorkload workload) {
    LogFixture sound = LogFixture.create(SEED, LogFixture.SMALL);
    workload.run(sound);
    int calls = sound.files.operationCount();
    int failures = 0;
    for (Fault fault : new Fault[] {Fault.EIO, Fault.ENOSPC, Fault.SHORT}) {
      for (int n = 0; n < calls; n++) {
        failures += tryOne(workload, n, fault) ? 1 : 0;
      }
    }
    assertTrue(failures > calls, "failures=" + failures + " calls=" + calls);
  }

  /// True if the fault was noticed.
  private static boolean tryOne(LogWorkload workload, int n, Fault fault) {
    String which = workload + ", op " + n + " " + fault;
    LogFixture log;
    try {
      log = LogFixture.create(SEED, LogFixture.SMALL, files -> files.failAt(n, fault));
    } catch (StorageException _) {
      return true; // the store was not created
    }
    log.files.withoutHistory();
    boolean isNoticed = false;
    try {
      workload.run(log);
    } catch (StorageException | ReadOnlyException _) {
      isNoticed = true; // a close or a recovery told it
    }
    isNoticed |= log.wal().failure() != null || log.wal().shortage() != null;
    boolean hadFailed = log.wal().failure() != null;
    if (hadFailed) {
      assertEquals(false, log.append(1, 1), which);
    }
    log.files.clearFaults();
    log.files.kill();
    var killed = log.after(log.files, SEED, log.known());
    killed.check(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    FaultFileSystem left = log.files.crash(SEED + n);
    LogFixture crashed = log.after(left, SEED, log.known());
    crashed.recover(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    assertTrue(crashed.append(1, 1), which);
    assertTrue(crashed.writeAndSync(), which);
    return isNoticed;
  }
}
