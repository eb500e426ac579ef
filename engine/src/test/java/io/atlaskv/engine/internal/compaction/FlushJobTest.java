package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.memtable.MemtableOptions;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class FlushJobTest {
  private static final int STEPS = 1_000; // many more than one entry needs

  private final Ports ports = SimPorts.create(1).ports();
  private final ReentrantLock commitLock = new ReentrantLock();

  /// Somebody else has begun to put the memtable in order, and met a lack of memory.
  @Test
  void whatNobodyPutsInOrderIsNotWaitedFor() {
    try (var pool = new ChunkPool(1)) {
      var memtable = new Memtable(pool, new MemtableOptions(1 << 20, 0, false, 1));
      put(memtable);
      starve(pool);
      Task ordering = memtable.orderTask(commitLock);
      assertNotNull(ordering);
      assertThrows(OutOfMemoryError.class, () -> run(ordering));
      assertFalse(ordering.step(), "half an index must not be gone on with");
      assertFalse(memtable.isOrdered());
      FlushJob job = flush(memtable);
      assertThrows(StorageException.class, () -> run(job));
      job.abandon();
      memtable.release();
    }
  }

  private static void run(Task task) {
    for (int i = 0; i < STEPS; i++) {
      task.step();
    }
  }

  private static void put(Memtable memtable) {
    try (var arena = Arena.ofConfined()) {
      long trailer = InternalKey.pack(1, ValueKind.PUT);
      memtable.put(trailer, arena.allocate(2), 0, 1, 1, 1, LiveSnapshots.none());
    }
  }

  /// The next chunk that is asked for is not to be had.
  private static void starve(ChunkPool pool) {
    Task reserve = pool.reserveTask();
    while (reserve.step()) {}
    pool.onShort(() -> {
      throw new OutOfMemoryError("planted");
    });
  }

  private FlushJob flush(Memtable memtable) {
    var outputs =
        new OutputOptions(
            ports.files(),
            ports.clock(),
            new UUID(1, 2),
            () -> 1,
            _ -> TableOptions.DEFAULT,
            PointIndexes.NONE);
    return new FlushJob(
        memtable, commitLock, Snapshots.NONE, outputs, FreshBlocks.UNCACHED, Map.of());
  }
}
