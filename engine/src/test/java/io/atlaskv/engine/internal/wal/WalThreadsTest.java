package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation.Kind;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real threads and files: whoever waits for a write or a sync is told, though it was done by
/// another thread; and the log holds every batch once. Of a hundred runs, three once hung.
@Timeout(60)
class WalThreadsTest {
  private static final int THREADS = 6;
  private static final int BATCHES = 400;
  private static final int FAILED_SYNCS = 1_000;

  @TempDir private Path directory;

  private final ReentrantLock commitLock = new ReentrantLock();
  private long nextSequence = 1;

  @RepeatedTest(25)
  void everyoneIsToldAndNothingIsLost() throws Exception {
    Ports ports = SystemPorts.open(directory);
    try (Scheduler _ = ports.scheduler()) {
      var options =
          new WalOptions(16 << 10, 64 << 10, 1 << 20, 8 << 10, 1024, 1_000_000, 1_000_000);
      Signal progress = ports.waiter().signal();
      var none = WalRecovery.none(ports.files());
      var wal = new Wal(ports, options, LogFixture.STORE, none, progress::wakeAll);
      List<Future<?>> all = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        for (int i = 0; i < THREADS; i++) {
          boolean isSyncing = i % 2 == 0;
          all.add(threads.submit(() -> commitMany(wal, progress, isSyncing)));
        }
      }
      for (Future<?> one : all) {
        one.get();
      }
      wal.close();
      assertEquals(THREADS * BATCHES, wal.durableSequence());
      var request =
          new RecoveryRequest(
              LogFixture.STORE, 1, 0, List.of(none.boundary()), RecoveryMode.STRICT);
      var sequences = new ArrayList<Long>();
      var recovered =
          WalRecovery.recover(
              ports,
              request,
              (sequence, time, bytes, offset, length) -> {
                assertEquals(1, WriteBatchFormat.operationsAt(bytes, offset));
                sequences.add(sequence);
              });
      assertEquals(THREADS * BATCHES, sequences.size());
      assertEquals(THREADS * BATCHES, recovered.lastSequence());
      assertTrue(recovered.isSealed());
    }
  }

  /// A sync that fails is no sync for those who come just then, and find nothing left to sync. Of a
  /// thousand rounds a few once said that all is safe.
  @Test
  void whoComesAfterAFailedSyncFindsNothingSafe() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < FAILED_SYNCS; round++) {
        Ports ports = SystemPorts.open(directory);
        try (Scheduler _ = ports.scheduler()) {
          FaultFileSystem files = FaultFileSystem.create(round);
          var faulty =
              new Ports(files, ports.clock(), ports.scheduler(), ports.waiter(), ports.random());
          var none = WalRecovery.none(files);
          var wal = new Wal(faulty, LogFixture.SMALL, LogFixture.STORE, none, () -> {});
          try (var batch = new BatchBuilder()) {
            LogFixture.put(batch, 1, 100);
            batch.finish();
            wal.append(1, 1, batch.segment(), batch.length());
          }
          assertTrue(wal.write());
          files.fail(
              operation -> operation.kind() == Kind.SYNC && operation.name().endsWith("1.log"),
              Fault.EIO);
          var start = new CyclicBarrier(2);
          Callable<Boolean> sync =
              () -> {
                start.await();
                return wal.sync();
              };
          for (Future<Boolean> isSafe : threads.invokeAll(List.of(sync, sync))) {
            assertFalse(isSafe.get(), "round " + round);
          }
          assertEquals(0, wal.durableSequence(), "round " + round);
          wal.close();
        }
      }
    }
  }

  private void commitMany(Wal wal, Signal progress, boolean isSyncing) {
    try (var batch = new BatchBuilder()) {
      for (int i = 0; i < BATCHES; i++) {
        long sequence = commit(wal, progress, batch);
        wal.write();
        progress.await(() -> wal.writtenSequence() >= sequence, Long.MAX_VALUE);
        if (isSyncing && i % 4 == 1) {
          wal.awaitDurable(sequence);
          assertTrue(wal.durableSequence() >= sequence);
        } else if (isSyncing && i % 4 == 0) {
          wal.requestSync();
          progress.await(() -> wal.durableSequence() >= sequence, Long.MAX_VALUE);
        } else if (isSyncing && i % 16 == 3) {
          wal.sync();
          progress.await(() -> wal.durableSequence() >= sequence, Long.MAX_VALUE);
        }
      }
    }
  }

  private long commit(Wal wal, Signal progress, BatchBuilder batch) {
    while (true) {
      commitLock.lock();
      try {
        long sequence = nextSequence;
        batch.clear();
        LogFixture.put(batch, sequence, (int) (sequence % 500));
        batch.finish();
        if (wal.hasRoom(batch.length())) {
          wal.append(sequence, 1, batch.segment(), batch.length());
          nextSequence++;
          return sequence;
        }
      } finally {
        commitLock.unlock();
      }
      progress.await(() -> roomIsThere(wal, batch.length()), Long.MAX_VALUE);
    }
  }

  private boolean roomIsThere(Wal wal, int length) {
    commitLock.lock();
    try {
      return wal.hasRoom(length);
    } finally {
      commitLock.unlock();
    }
  }
}
