package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.compaction.Compaction;
import io.atlaskv.engine.internal.compaction.CompactionJob;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import io.atlaskv.engine.internal.compaction.FlushJob;
import io.atlaskv.engine.internal.compaction.MergeParts;
import io.atlaskv.engine.internal.compaction.OutputOptions;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.util.function.IntFunction;

/// Makes flush and compaction jobs for what their works pick.
final class BackgroundJobs {
  private final VersionSet versions;
  private final SnapshotList snapshots;
  private final WritePath writes;
  private final BlockCache cache;
  private final CompactionOptions options;
  private final OutputOptions outputs;
  private final CompactionFilters filters;
  private long hitsBefore; // on the flush lane only, one job at a time

  BackgroundJobs(
      Ports ports,
      VersionSet versions,
      SnapshotList snapshots,
      WritePath writes,
      BlockCache cache,
      PointIndexes pointIndexes,
      CompactionOptions compactionOptions,
      Options options,
      NamespacePrefixes prefixes,
      CompactionFilters filters) {
    this.filters = filters;
    this.versions = versions;
    this.snapshots = snapshots;
    this.writes = writes;
    this.cache = cache;
    this.options = compactionOptions;
    this.outputs =
        new OutputOptions(
            ports.files(),
            ports.clock(),
            versions.storeUuid(),
            versions::newFileNumber,
            tables(options, prefixes),
            pointIndexes);
  }

  private static IntFunction<TableOptions> tables(Options options, NamespacePrefixes prefixes) {
    TableOptions table = TableOptions.DEFAULT.withRowSums(options.rowChecksums());
    IntFunction<TableOptions> tables =
        options.compression() == Compression.LZ4
            ? OutputOptions.compressedAtTheBottom(table)
            : level -> table;
    return level -> tables.apply(level).withPrefixes(prefixes.lengths());
  }

  FlushJob flush(Memtable memtable) {
    return new FlushJob(
        memtable,
        writes.lock(),
        snapshots.live(),
        outputs,
        flushedBlocks(),
        versions.state().trees());
  }

  /// If blocks in the cache were found more often since the last flush than there are of them, what
  /// is flushed will be read as well before long, and is kept.
  private FreshBlocks flushedBlocks() {
    long hits = cache.hits();
    long newHits = hits - hitsBefore;
    hitsBefore = hits;
    return newHits > cache.blockCount() ? FreshBlocks.cached(cache) : FreshBlocks.UNCACHED;
  }

  CompactionJob compaction(Compaction compaction, Version version) {
    return new CompactionJob(
        compaction,
        version,
        new MergeParts(snapshots.live(), options, outputs, this::uncached, filters::forJob));
  }

  private ReadContext uncached() {
    var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
    context.fillsCache(false);
    return context;
  }

  SortedLoad load() {
    return new SortedLoad(outputs, options.tableBytes());
  }
}
