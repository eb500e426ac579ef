package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Tables of entries that come in key order from outside, one version of each key. All carry
/// sequence 0: their own is given to whole tables when they become part of a store
/// (`TableMeta.withSequence`). One thread at a time.
public final class SortedLoad {
  private static final long UNNUMBERED = 0;

  private final OutputTables outputs;
  private final long tableBytes;

  public SortedLoad(OutputOptions options, long tableBytes) {
    this.outputs =
        new OutputTables(
            options,
            Levels.LAST,
            RangeTombstones.EMPTY,
            FreshBlocks.UNCACHED,
            TableTimes.at(options.clock().currentTimeMillis()));
    this.tableBytes = tableBytes;
  }

  /// Adds an entry, whose key is after the last one's.
  public void add(
      byte[] key, int length, byte kind, MemorySegment value, long valueOffset, int valueLength) {
    if (outputs.tableBytes() >= tableBytes) {
      outputs.cutBefore(key, length);
    }
    long trailer = InternalKey.pack(UNNUMBERED, kind);
    outputs.add(key, length, trailer, value, valueOffset, valueLength, false);
  }

  /// Ends the last table; all are synced, but no name is.
  public List<TableMeta> finish() {
    outputs.finishAll();
    return outputs.finished();
  }

  /// Deletes all tables. Not once an edit that names them may be durable.
  public void discard() {
    outputs.discard();
  }
}
