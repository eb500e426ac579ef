package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.compaction.FlushJob;
import io.atlaskv.engine.internal.compaction.OutputOptions;
import io.atlaskv.engine.internal.compaction.Snapshots;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.manifest.CounterId;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Writes the batches of a log to tables of level 0, for a repair: what opening and flushing would
/// do, without a store. One thread.
public final class LogTables implements AutoCloseable {
  private static final long MEMTABLE_BYTES = 16L << 20;

  private final OutputOptions outputs;
  private final long flushedThrough;
  private final ChunkPool pool = new ChunkPool(0);
  private final MemtableSupply supply;
  private final CounterTable counters = new CounterTable();
  private final BatchApplier applier;
  private final Map<Integer, Tree> trees;
  private final VersionEdit.Builder tables = VersionEdit.builder();
  private Memtable active;
  private long operations;

  /// @param flushedThrough batches up to this sequence are in tables already
  /// @param counters as of `flushedThrough`
  /// @param trees those that namespaces have of their own
  public LogTables(
      Ports ports,
      OutputOptions outputs,
      long flushedThrough,
      Map<CounterId, Long> counters,
      Map<Integer, Tree> trees) {
    this.trees = trees;
    this.outputs = outputs;
    this.flushedThrough = flushedThrough;
    this.counters.load(counters);
    supply = new MemtableSupply(pool, ports.scheduler(), ports.random(), MEMTABLE_BYTES);
    applier = new BatchApplier(this.counters, LiveSnapshots.none(), null, null);
    active = supply.create(0);
  }

  /// Takes a batch, in commit order.
  public void batch(long firstSequence, MemorySegment bytes, long offset, long length) {
    int count = WriteBatchFormat.operationsAt(bytes, offset);
    long last = firstSequence + count - 1;
    if (last <= flushedThrough) {
      return;
    }
    if (!active.isEmpty() && (active.isFull() || !active.canTake(count, length))) {
      write(count);
    }
    applier.apply(active, firstSequence, bytes, offset, length);
    operations += count;
  }

  /// @param next operations that the memtable after this one must take
  private void write(long next) {
    try {
      var job =
          new FlushJob(
              active, new ReentrantLock(), Snapshots.NONE, outputs, FreshBlocks.UNCACHED, trees);
      try {
        while (job.step()) {}
        tables.merge(job.edit());
      } finally {
        job.abandon();
      }
    } finally {
      active.release();
      active = supply.create(next);
    }
  }

  /// What adds all tables; to be called once.
  public VersionEdit finish() {
    if (!active.isEmpty()) {
      write(0);
    }
    return tables.build();
  }

  /// Operations taken.
  public long operations() {
    return operations;
  }

  /// The counters as of the last batch.
  public Map<CounterId, Long> counters() {
    return counters.checkpoint();
  }

  @Override
  public void close() {
    active.release();
    supply.close();
    pool.close();
  }
}
