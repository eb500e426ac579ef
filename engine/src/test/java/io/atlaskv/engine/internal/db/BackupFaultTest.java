package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.internal.backup.BackupRepository;
import io.atlaskv.engine.internal.backup.BackupRestore;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Backups whose every operation fails, or is the last one before a power cut: earlier backups stay
/// whole, and the one that was being made is whole or not there.
class BackupFaultTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPOSITORY = "backups";
  private static final int STATES = 4;

  private static byte[] key(int number) {
    return new byte[] {(byte) (number >> 8), (byte) number};
  }

  private static void fill(Db db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put(key(i), new byte[100]);
    }
  }

  private static BackupInfo backup(SimStore store, FaultFileSystem files) {
    return store.engine().backup(files.directories(REPOSITORY));
  }

  /// A store with one backup, and something new.
  private static SimStore prepared(FaultFileSystem files) {
    SimStore store = SimStore.open(files, SEED, RandomOptions.SMALL.withLogRetainedSegments(9));
    fill(store.db(), 0, 300);
    store.db().flush();
    fill(store.db(), 300, 320);
    backup(store, files);
    fill(store.db(), 320, 400);
    store.db().sync();
    return store;
  }

  /// All backups are sound and can be restored; returns how many there are.
  private static int requireSound(FaultFileSystem files) {
    var repository = new BackupRepository(files.directories(REPOSITORY));
    List<BackupInfo> backups = repository.list();
    for (BackupInfo backup : backups) {
      assertEquals(List.of(), repository.verify(backup.number()), files.origin());
      String name = "restored-" + files.operationCount(); // another one each time
      new BackupRestore(files.directories(REPOSITORY), SimPorts.on(files, SEED).ports())
          .restore(backup.number(), files.directories("restored"), name);
      try (SimStore store =
          SimStore.open(files.directory("restored").directory(name), SEED, RandomOptions.SMALL)) {
        for (int i = 0; i < 400; i++) {
          boolean isIn = i < backup.lastSequence();
          assertEquals(isIn, store.db().contains(key(i)), files.origin());
        }
      }
    }
    return backups.size();
  }

  @Test
  void aPowerCutAtAnyMomentLeavesTheEarlierBackups() {
    FaultFileSystem files = FaultFileSystem.create(SEED);
    int from;
    int to;
    try (SimStore store = prepared(files)) {
      from = files.operationCount();
      backup(store, files);
      to = files.operationCount();
    }
    int states = 0;
    int both = 0;
    for (int i = from; i < to; i++) {
      if (!files.isCrashPoint(i)) {
        continue;
      }
      for (FaultFileSystem left : files.crashStates(i, STATES).toList()) {
        int count = requireSound(left);
        assertThat(count).as(left.origin()).isBetween(1, 2);
        both += count - 1;
        states++;
      }
    }
    assertThat(both).isPositive();
    for (FaultFileSystem left : files.crashStates(to - 1, STATES).toList()) {
      assertEquals(2, requireSound(left), left.origin());
    }
    System.out.println("BackupFaultTest: " + states + " states, " + both + " with both");
  }

  @Test
  void aFailureOfAnyOperationLeavesTheEarlierBackupsAndTheNextWorks() {
    int failures = 0;
    for (int n = 0; ; n++) {
      FaultFileSystem files = FaultFileSystem.create(SEED).withoutHistory();
      SimStore store = prepared(files);
      int from = files.operationCount();
      String place = "operation " + n;
      files.failAt(from + n, Fault.EIO);
      boolean hasFailed = false;
      try {
        backup(store, files);
      } catch (AtlasException _) {
        hasFailed = true;
        failures++;
      }
      boolean isOver = files.operationCount() <= from + n;
      files.clearFaults();
      assertThat(requireSound(files)).as(place).isBetween(1, 2);
      if (hasFailed && store.engine().failure() == null) {
        backup(store, files);
        assertThat(requireSound(files)).as(place).isBetween(2, 3);
      }
      store.kill();
      if (isOver) {
        break;
      }
    }
    assertThat(failures).isGreaterThan(20);
    System.out.println("BackupFaultTest: " + failures + " failures");
  }

  @Test
  void whatACrashLeftIsSweptByTheNext() {
    FaultFileSystem files = FaultFileSystem.create(SEED).withoutHistory();
    SimStore store = prepared(files);
    files.failFrom(files.operationCount() + 20, Fault.EIO);
    try {
      backup(store, files);
    } catch (AtlasException e) {
      assertThat(e).isNotNull();
    }
    files.clearFaults();
    store.kill();
    assertThat(files.directories(REPOSITORY).list()).hasSize(2);
    try (SimStore again = SimStore.open(files, SEED, RandomOptions.SMALL)) {
      backup(again, files);
    }
    assertThat(files.directories(REPOSITORY).list())
        .containsExactly("backup-000001", "backup-000002");
  }
}
