package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.MergingIterator;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.ArrayList;
import java.util.List;

/// Merges tables whose levels nobody knows any more into tables of the last level. Each version of
/// a key competes by its sequence, wherever it lies, so no order of tables has to be guessed; only
/// between rows of sequence 0, which stood at the bottom, the newer file wins.
public final class OrphanMerge {
  /// Before all times: nothing is due. What expires is left to readers and compactions.
  private static final long NEVER = Long.MIN_VALUE;

  private OrphanMerge() {}

  /// Writes the merged tables, synced but not named.
  ///
  /// @param tables what to merge, at least one, newest file first
  /// @param readers of them, in the same order
  public static List<TableMeta> run(
      List<TableMeta> tables,
      List<TableReader> readers,
      long tableBytes,
      OutputOptions outputOptions,
      BlockCache cache) {
    var bottom = BottomCheck.below(Levels.EMPTY, Levels.LAST, KeyRange.of(tables));
    var borders = Snapshots.NONE;
    RangeTombstones tombstones =
        RangeTombstones.union(readers.stream().map(TableReader::rangeTombstones).toList());
    var outputs =
        new OutputTables(
            outputOptions,
            Levels.LAST,
            borders.needed(tombstones, bottom.isBottom()),
            FreshBlocks.UNCACHED,
            TableTimes.UNKNOWN);
    try (var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
        var input = new MergingIterator(iterators(readers, context))) {
      context.fillsCache(false);
      var merge =
          new TableMerge(
              input,
              new VersionFilter(borders, tombstones, bottom, NEVER, ValueFilter.NONE),
              outputs,
              (key, length, written) -> written >= tableBytes);
      while (merge.step()) {}
      return outputs.finished();
    } catch (Throwable e) {
      outputs.discard();
      throw e;
    }
  }

  private static List<InternalIterator> iterators(List<TableReader> readers, ReadContext context) {
    var iterators = new ArrayList<InternalIterator>();
    for (TableReader reader : readers) {
      iterators.add(reader.iterator(context));
    }
    return iterators;
  }
}
