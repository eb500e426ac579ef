package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.RecoveryReport;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import io.atlaskv.engine.internal.compaction.FlushPace;
import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.compaction.WriteController;
import io.atlaskv.engine.internal.events.CompactionSpan;
import io.atlaskv.engine.internal.events.FlushSpan;
import io.atlaskv.engine.internal.events.StallSpans;
import io.atlaskv.engine.internal.events.StoreEvents;
import io.atlaskv.engine.internal.events.SyncSpans;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.StageTimes;
import io.atlaskv.engine.internal.manifest.Lineage;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.SsTable;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.wal.BatchSink;
import io.atlaskv.engine.internal.wal.LogRetention;
import io.atlaskv.engine.internal.wal.LogSalvage;
import io.atlaskv.engine.internal.wal.RecoveredLog;
import io.atlaskv.engine.internal.wal.RecoveryRequest;
import io.atlaskv.engine.internal.wal.Wal;
import io.atlaskv.engine.internal.wal.WalOptions;
import io.atlaskv.engine.internal.wal.WalRecovery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One opening of a store, step by step.
///
/// Order of durable steps: recover the manifest; replay the log into memtables, which makes safe
/// what is replayed; write the boundary that says where the old log ended; begin a new segment;
/// only then take writes. A log with damage that the recovery mode passes over is written to tables
/// before that, so that no later opening meets the damage; so is one that very many openings have
/// added to.
final class Opening {
  /// What a background thread takes in; measured on small machines (docs/internals/compaction.md).
  private static final long COMPACTION_BYTES_PER_SECOND = 150L << 20;

  /// Chunks made ahead of the writer of a new store, who would spend 0.2 ms on each, and much more
  /// where the machine has to find the memory first: what it fills while one is made.
  private static final int CHUNK_RESERVE_MIN = 2;

  /// Of a memtable: chunks made ahead of a writer who has filled as many.
  private static final int CHUNK_RESERVE_FRACTION = 8;

  /// What has come to memtables over more openings than these is written to tables: each has added
  /// two segments to the log, and all of them are needed and read until then.
  private static final int OPENINGS_MAX = 4;

  /// Over more than these, before the opening is done: the store was closed too soon each time.
  private static final int OPENINGS_LIMIT = 4 * OPENINGS_MAX;

  private final Ports ports;
  private final DirectoryLock lock;
  private final Options options;
  private final MemoryPlan plan;
  private final BlockCache cache;
  private final PointIndexes pointIndexes;
  private final ChunkPool pool;
  private final MemtableSupply supply;
  private final CounterTable counters = new CounterTable();
  private final SnapshotList snapshots = new SnapshotList();
  private final StoreFailure failure = new StoreFailure();
  private final Progress progress;
  private final boolean isReadOnly;
  private final StageTimes times;
  private LogSalvage.@Nullable Salvaged salvaged;
  private long openings; // since the oldest entry of a memtable, this one among them

  /// @param isReadOnly whether nothing that is done here is to last: the files are an overlay, and
  ///   the store refuses writes
  Opening(Ports ports, DirectoryLock lock, Options options, MemoryPlan plan, boolean isReadOnly) {
    this.ports = ports;
    this.lock = lock;
    this.options = options;
    this.plan = plan;
    this.isReadOnly = isReadOnly;
    this.cache = new BlockCache(plan.blockCacheBytes(), options.rowCacheBytes(), false);
    this.pointIndexes = PointIndexes.within(cache);
    this.pool =
        new ChunkPool(
            CHUNK_RESERVE_MIN,
            (int) (plan.memtableBytes() / ChunkPool.CHUNK_BYTES / CHUNK_RESERVE_FRACTION));
    pool.onShort(this::reserveChunks);
    this.supply = new MemtableSupply(pool, ports.scheduler(), ports.random(), plan.memtableBytes());
    this.progress = new Progress(ports.waiter());
    this.times = new StageTimes(ports.clock());
  }

  private void reserveChunks() {
    try {
      ports.scheduler().submit(Scheduler.Lane.MEMORY, pool.reserveTask());
    } catch (ClosedException _) {
      // what the close gives up takes its last chunks itself
    }
  }

  Engine open() {
    Engine engine;
    try {
      engine = openVersions();
    } catch (Throwable e) {
      freeMemory();
      throw e;
    }
    if (isReadOnly) {
      return engine;
    }
    if (salvaged != null) {
      try {
        engine.flush();
      } catch (Throwable e) {
        try {
          engine.close();
        } catch (AtlasException again) {
          e.addSuppressed(again);
        }
        throw e;
      }
    } else if (openings > OPENINGS_LIMIT) {
      try {
        engine.flush();
      } catch (AtlasException _) {
        // all is in the log as before, and whoever writes is told
      }
    }
    return engine;
  }

  private Engine openVersions() {
    VersionSet versions =
        VersionSet.open(ports, SsTable.opener(ports.files(), cache, pointIndexes));
    try {
      return open(versions);
    } catch (Throwable e) {
      versions.close();
      throw e;
    }
  }

  private Engine open(VersionSet versions) {
    StoreState state = versions.state();
    counters.load(state.counters());
    var replay =
        new Replay(
            state.flushedThrough(),
            state.logNumber(),
            options.memtableEntriesMax(),
            supply,
            counters,
            !options.historyWindow().isZero(),
            isReadOnly);
    boolean isNew = state.logNumber() == 0;
    RecoveredLog log = isNew ? WalRecovery.none(ports.files()) : recover(versions, state, replay);
    long lastSequence = replay.shownThrough(Math.max(log.lastSequence(), state.flushedThrough()));
    LogRetention retention =
        LogRetention.of(options.logRetainedSegments(), options.logRetainedBytes());
    Wal wal =
        new Wal(
            ports,
            WalOptions.DEFAULT.withSegmentBytesMax(logSegmentBytes()).withRetention(retention),
            versions.storeUuid(),
            log,
            progress);
    VersionEdit.Builder edit =
        VersionEdit.builder()
            .lastSequence(lastSequence)
            .boundary(new LogBoundary(log.nextSegment(), lastSequence));
    if (replay.isEmpty()) { // nothing of the old log is needed
      edit.logNumber(log.nextSegment());
      if (salvaged != null) { // the last writes may be lost
        edit.flushedThrough(lastSequence);
      }
    }
    if (salvaged != null && !isReadOnly) { // what was lost may be in a backup
      edit.fork(Lineage.forkAt(lastSequence, ports.random()));
    }
    beginHistory(state, lastSequence, edit);
    try {
      long logNumber = edit.build().logNumber();
      long needed = logNumber == VersionEdit.UNCHANGED ? state.logNumber() : logNumber;
      wal.beginHistory(oldestHistory(state, log, needed));
      long historyFrom = wal.historyFrom(needed);
      long told = retention.isOn() ? historyFrom : 0;
      if (told != state.historyFrom()) {
        edit.historyFrom(told);
      }
      Version version = versions.apply(edit.build());
      if (!isReadOnly) {
        wal.releaseBelow(needed, historyFrom);
      }
      openings =
          version.state().boundaries().stream()
              .filter(boundary -> boundary.firstSegment() > needed)
              .count();
      return wire(versions, version, wal, replay, log, lastSequence);
    } catch (Throwable e) {
      wal.close();
      throw e;
    }
  }

  /// Keeps versions from here on, or from where they have been kept, if that is wanted. The
  /// manifest says so before anything is dropped, either way.
  private void beginHistory(StoreState state, long lastSequence, VersionEdit.Builder edit) {
    if (options.historyWindow().isZero()) {
      if (state.historyFloor() != 0) {
        edit.historyFloor(0);
      }
      return;
    }
    long floor = state.historyFloor();
    if (floor == 0 || salvaged != null) {
      floor = Math.max(1, lastSequence);
      edit.historyFloor(floor);
    }
    snapshots.floor(floor);
  }

  private @Nullable HistoryWindow history(
      WritePath writes, Wal wal, LogSync logSync, CompactionWork compactions) {
    if (options.historyWindow().isZero()) {
      return null;
    }
    Runnable writeLog =
        () -> {
          wal.write();
          logSync.written();
        };
    return new HistoryWindow(
        writes,
        snapshots,
        ports.scheduler(),
        ports.clock(),
        writeLog,
        compactions::wake,
        options.historyWindow());
  }

  /// The oldest segment whose content is known to be followed by all that came later.
  private long oldestHistory(StoreState state, RecoveredLog log, long neededSegment) {
    if (salvaged != null) {
      return log.nextSegment();
    }
    boolean isKept = state.historyFrom() != 0;
    return isKept ? Math.min(state.historyFrom(), neededSegment) : neededSegment;
  }

  private RecoveredLog recover(VersionSet versions, StoreState state, Replay replay) {
    RecoveryRequest request = state.recovery(versions.storeUuid(), options.recoveryMode());
    BatchSink sink =
        (first, timeMillis, bytes, offset, length) -> replay.batch(first, bytes, offset, length);
    if (passesOverDamage() && !isSound(request)) {
      LogSalvage.Salvaged found = LogSalvage.read(ports.files(), request, sink);
      salvaged = found;
      return found.asRecovered();
    }
    return isReadOnly
        ? WalRecovery.check(ports, request, sink) // nobody goes on from it: nothing to make safe
        : WalRecovery.recover(ports, request, sink);
  }

  private boolean passesOverDamage() {
    return switch (options.recoveryMode()) {
      case STOP_AT_FIRST, SKIP_CORRUPT -> true;
      case TOLERATE_UNSYNCED_TAIL, STRICT -> false;
    };
  }

  private boolean isSound(RecoveryRequest request) {
    try {
      WalRecovery.check(ports, request.with(RecoveryMode.STRICT), (_, _, _, _, _) -> {});
      return true;
    } catch (CorruptionException _) {
      return false;
    }
  }

  private Engine wire(
      VersionSet versions,
      Version version,
      Wal wal,
      Replay replay,
      RecoveredLog log,
      long lastSequence) {
    failure.follow(wal::failure);
    failure.onDiskFull(wal::yieldHistory);
    if (isReadOnly) {
      failure.refuseWrites();
    }
    Memtable[] sealed = replay.sealedNewestFirst();
    var reaper = new ViewReaper(ports.scheduler(), this::trimMemory, this::freeMemory);
    var views = new Views(replay.active(), sealed, version, reaper);
    replay.release(); // the view has them now
    try {
      return wire(versions, views, reaper, wal, replay, log, lastSequence);
    } catch (Throwable e) {
      reaper.freeAtOnce();
      views.close();
      throw e;
    }
  }

  private Engine wire(
      VersionSet versions,
      Views views,
      ViewReaper reaper,
      Wal wal,
      Replay replay,
      RecoveredLog log,
      long lastSequence) {
    replay.note(views, wal.currentSegment());
    var writes =
        new WritePath(
            wal,
            views,
            snapshots,
            counters,
            failure,
            supply,
            plan,
            options.memtableEntriesMax(),
            lastSequence,
            times);
    var events = new StoreEvents(ports.scheduler());
    wal.onSync(new SyncSpans(events, times));
    wal.times(times);
    cache.times(times);
    versions.onTableDeleted(number -> {
      if (events.isHeard()) {
        events.tell(new StoreEvent.TableDeleted(FileName.table(number)));
      }
    });
    var installer = new VersionInstaller(versions, views, writes, wal, failure, progress);
    var filters = new CompactionFilters(options.compactionFilters(), events);
    var prefixes = new NamespacePrefixes();
    var jobs =
        new BackgroundJobs(
            ports,
            versions,
            snapshots,
            writes,
            cache,
            pointIndexes,
            compactionOptions(),
            options,
            prefixes,
            filters);
    var throttle =
        new Throttle(
            ports.clock(), options.compactionBytesPerSecondMax(), options.compactionIopsMax());
    var flushPace = new FlushPace();
    var admission =
        new Admission(
            ports.clock(),
            views,
            WriteController.of(
                compactionOptions(), plan.memtableBytes(), COMPACTION_BYTES_PER_SECOND),
            flushPace,
            throttle,
            plan.sealedMax(),
            options.memtableEntriesMax());
    var compactions =
        new CompactionWork(
            ports,
            views,
            installer,
            failure,
            compactionOptions(),
            snapshots,
            jobs::compaction,
            picked -> new CompactionSpan(events, ports.clock(), picked),
            throttle,
            options.backgroundThreads(),
            EngineOpener.compactionThreads(options));
    var time = new TimeWatch(ports.scheduler(), views, compactions);
    var idle = new IdleWatch(ports.scheduler(), writes, compactions);
    var reads = new ReadWatch(ports.scheduler(), views, compactionOptions(), compactions);
    compactions.isReadOften(reads::isWorthMerging);
    cache.onReads(reads::read);
    var flushes =
        new FlushWork(
            ports,
            views,
            installer,
            failure,
            jobs::flush,
            throttle,
            flushPace,
            memtable -> new FlushSpan(events, ports.clock(), memtable));
    var indexWork =
        new PointIndexWork(ports, views, pointIndexes, cache.buffers(), compactions::running);
    Runnable onChange =
        () -> {
          admission.recompute();
          reads.tablesChanged();
          compactions.wake();
          idle.tablesChanged();
          time.tablesChanged();
          progress.run();
        };
    compactions.onChange(onChange);
    flushes.onChange(onChange);
    writes.onSeal(() -> {
      admission.recompute();
      flushes.wake();
    });
    writes.onRelease(compactions::snapshotReleased);
    var logSync = new LogSync(wal, ports, options.durability());
    HistoryWindow history = history(writes, wal, logSync, compactions);
    var parts =
        new EngineParts(
            ports,
            lock,
            plan,
            cache,
            pool,
            versions,
            wal,
            views,
            reaper,
            snapshots,
            counters,
            failure,
            progress,
            supply,
            new Ordering(ports.scheduler(), progress, writes, failure),
            writes,
            new ReadPath(views, writes, ports.clock()),
            logSync,
            admission,
            throttle,
            installer,
            flushes,
            compactions,
            indexWork,
            new Checkpoints(
                ports, versions.storeUuid(), views, writes, wal, failure, progress, throttle),
            new NamespaceIds(writes::commit),
            jobs::load,
            new Ingestion(
                ports.scheduler(), views, writes, installer, compactions, failure, progress),
            filters,
            prefixes,
            new FeatureSwitch(versions.state().features(), installer, failure, progress),
            events,
            times,
            new StallSpans(events, ports.clock()),
            report(log, replay, lastSequence),
            replay.names(),
            history);
    var engine = new Engine(parts);
    parts.namespaceIds().startAt(nextNamespaceId(engine, versions.state(), replay));
    prefixes.load(engine);
    if (history != null) {
      history.load(engine::row);
      if (!isReadOnly) {
        history.begin();
      }
    }
    reads.tablesChanged();
    time.tablesChanged();
    flushes.wake();
    if (!isReadOnly && openings > OPENINGS_MAX) {
      writes.sealAll();
    }
    compactions.wake();
    indexWork.begin();
    if (!isReadOnly && !options.memtableAgeMax().isZero()) {
      new MemtableAge(ports, views, writes, options.memtableAgeMax()).begin();
    }
    return engine;
  }

  /// A segment much larger than a memtable would be kept, and zeroed, for the sake of its last
  /// batches.
  private long logSegmentBytes() {
    return Math.min(options.logSegmentBytes(), Math.max(1 << 20, plan.memtableBytes()));
  }

  private CompactionOptions compactionOptions() {
    return new CompactionOptions(
        4,
        4 * options.tableBytes(),
        10,
        options.tableBytes(),
        32 * options.tableBytes(),
        10,
        30,
        options.subcompactionsMax());
  }

  /// Keeps idle chunks for one memtable: the next one will want them.
  private void trimMemory() {
    pool.trim(plan.memtableBytes());
  }

  private void freeMemory() {
    pointIndexes.close();
    cache.close();
    pool.close();
  }

  private static int nextNamespaceId(Engine engine, StoreState state, Replay replay) {
    byte[] row = engine.row(NamespaceKey.nextId());
    int reserved = row == null ? NamespaceKey.FIRST_FREE : ByteArrays.leInt(row, 0);
    int next = Math.max(reserved, replay.nextId());
    for (int tree : state.trees().keySet()) {
      next = Math.max(next, NamespaceIds.after(tree));
    }
    for (PlacedTable placed : state.tables()) {
      byte[] largest = placed.table().largest().toArray();
      if (largest.length >= NamespaceKey.ID_BYTES) {
        next = Math.max(next, NamespaceIds.after(ByteArrays.beInt(largest, 0)));
      }
    }
    return next;
  }

  private RecoveryReport report(RecoveredLog log, Replay replay, long lastSequence) {
    RecoveredLog.Damage damage = log.damage();
    return new RecoveryReport(
        replay.batches(),
        replay.operations(),
        lastSequence,
        log.isSealed(),
        log.droppedGroups(),
        damage == null ? "" : damage.segment() + "@" + damage.offset() + ": " + damage.detail(),
        salvaged == null ? List.of() : salvaged.losses());
  }
}
