package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.RecoveryReport;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.events.StallSpans;
import io.atlaskv.engine.internal.events.StoreEvents;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.StageTimes;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All parts of an open store, wired by `EngineOpener`, and the order in which they end.
record EngineParts(
    Ports ports,
    DirectoryLock lock,
    MemoryPlan plan,
    BlockCache cache,
    ChunkPool pool,
    VersionSet versions,
    Wal wal,
    Views views,
    ViewReaper reaper,
    SnapshotList snapshots,
    CounterTable counters,
    StoreFailure failure,
    Progress progress,
    MemtableSupply supply,
    Ordering ordering,
    WritePath writes,
    ReadPath reads,
    LogSync logSync,
    Admission admission,
    Throttle throttle,
    VersionInstaller installer,
    FlushWork flushes,
    CompactionWork compactions,
    PointIndexWork pointIndexes,
    Checkpoints checkpoints,
    NamespaceIds namespaceIds,
    Supplier<SortedLoad> loads,
    Ingestion ingestion,
    CompactionFilters filters,
    NamespacePrefixes prefixes,
    FeatureSwitch features,
    StoreEvents events,
    StageTimes times,
    StallSpans stalls,
    RecoveryReport recoveryReport,
    SortedSet<String> replayedNames,
    @Nullable HistoryWindow history) {

  /// Refuses writes, ends background work, seals the log, then frees memory and directory. Memory
  /// that a reader on another thread still holds is freed when it lets go.
  void close() {
    noteHistory();
    writes.close();
    checkpoints.close();
    ingestion.close();
    flushes.close();
    compactions.close();
    AtlasException problem = null;
    try {
      if (failure.current() == null) {
        installer.releaseLog();
      }
    } catch (AtlasException e) {
      problem = e;
    }
    try {
      wal.close();
    } catch (AtlasException e) {
      problem = problem == null ? e : problem;
    }
    ports.scheduler().close();
    flushes.abandonRest();
    compactions.abandonRest();
    pointIndexes.abandon();
    supply.close();
    installer.close();
    views.close();
    reaper.close();
    try {
      versions.close();
    } catch (AtlasException e) {
      problem = problem == null ? e : problem;
    } finally {
      lock.close();
    }
    if (problem != null) {
      throw problem;
    }
  }

  /// So that the time without a store belongs to what was visible at its end.
  private void noteHistory() {
    if (history != null && failure.current() == null) {
      try {
        history.note();
      } catch (AtlasException _) {
        // the store takes no writes any more; what follows says why
      }
    }
  }
}
