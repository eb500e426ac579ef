package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.api.tools.RepairListener;
import io.atlaskv.engine.api.tools.RepairReport;
import io.atlaskv.engine.api.tools.RepairReport.ManifestFate;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.compaction.OrphanMerge;
import io.atlaskv.engine.internal.compaction.OutputOptions;
import io.atlaskv.engine.internal.db.LogTables;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.engine.internal.manifest.CounterId;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.ManifestImage;
import io.atlaskv.engine.internal.manifest.ManifestRemains;
import io.atlaskv.engine.internal.manifest.ManifestVerifier;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.StoreFeatures;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import io.atlaskv.engine.internal.sstable.TableReader;
import io.atlaskv.engine.internal.wal.LogSalvage;
import io.atlaskv.engine.internal.wal.RecoveryRequest;
import io.atlaskv.engine.internal.wal.WalRecovery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Makes a damaged store one that opens in any mode, with everything that could be read.
///
/// What is sound stays as it is: tables, the log, the manifest, each for itself. A damaged table is
/// written anew without what is lost; a damaged log becomes tables; without a manifest all tables
/// are merged, by the sequences of their rows.
///
/// Invariants:
/// - H1: nothing that was there is changed, moved or deleted before all that is new is written and
///   synced, and each file that goes has a second name aside.
/// - H2: a repair that was cut short leaves a store that can be repaired again: what it was, plus
///   files that nobody names.
/// - H3: a sound store is not touched.
public final class StoreRepair {
  private static final long TABLE_BYTES = 16L << 20;

  private final ClosedStore store;
  private final FileSystem files;
  private final LossLog losses;
  private final BlockCache cache;
  private final AtomicLong numbers;
  private final RepairPlan plan;
  private ManifestFate fate = ManifestFate.KEPT;
  private boolean isManifestDamaged;
  private int kept;
  private int rewritten;
  private int lost;
  private long entriesLost;
  private boolean isCounted = true;
  private long logOperations;
  private boolean isLogKept = true;

  private StoreRepair(ClosedStore store, RepairListener listener, BlockCache cache) {
    this.store = store;
    this.cache = cache;
    files = store.ports().files();
    losses = new LossLog(listener);
    long next = 1;
    for (String name : store.names()) {
      FileName parsed = FileName.parse(name);
      next = parsed == null ? next : Math.max(next, parsed.number() + 1);
    }
    numbers = new AtomicLong(next);
    plan = new RepairPlan(files, store.names(), next);
  }

  /// Repairs the store in `directory`, which is held by `store`.
  public static RepairReport repair(ClosedStore store, Path directory, RepairListener listener) {
    return repair(store, SystemPorts.directories(directory), listener);
  }

  /// As above.
  ///
  /// @param parent directories in that of the store: where files go that are no longer needed
  static RepairReport repair(ClosedStore store, Directories parent, RepairListener listener) {
    try (var cache = new BlockCache(0)) {
      return new StoreRepair(store, listener, cache).run(parent);
    }
  }

  private RepairReport run(Directories parent) {
    String aside = "";
    try {
      ManifestImage image = readManifest();
      UUID storeUuid = image == null ? plan.storeUuid() : image.storeUuid();
      if (image != null) {
        numbers.set(Math.max(numbers.get(), image.state().nextFileNumber()));
        repair(image);
      } else {
        rebuild(storeUuid);
      }
      if (isManifestDamaged || losses.count() > 0 || !isLogKept) {
        aside = plan.commit(parent, storeUuid, numbers.get(), store.ports());
      }
    } catch (Throwable e) {
      try {
        plan.abandon();
      } catch (StorageException again) { // the next open deletes it
        e.addSuppressed(again);
      }
      throw e;
    }
    return new RepairReport(
        fate,
        kept,
        rewritten,
        lost,
        isLogKept,
        logOperations,
        losses.count(),
        entriesLost,
        isCounted,
        aside);
  }

  private @Nullable ManifestImage readManifest() {
    var damages = new ArrayList<Finding>();
    if (ManifestVerifier.isNoStore(store.names())) {
      throw new StorageException(files + ": no store here", null);
    }
    ManifestImage image = null;
    try {
      image = ManifestImage.read(files, store.names());
      ManifestVerifier.verify(files, store.names(), damages::add);
      damages.removeIf(finding -> !finding.isDamage());
    } catch (CorruptionException e) {
      damages.add(Finding.of(e, FileName.CURRENT));
      image = ManifestImage.newest(files, store.names());
      fate = image == null ? ManifestFate.REBUILT : ManifestFate.FOUND;
    }
    for (Finding damage : damages) {
      isManifestDamaged = true;
      String told = fate == ManifestFate.REBUILT ? "; all tables are merged" : "";
      losses.add(Loss.of(damage.file(), damage.offset(), 0, damage.detail() + told, 0));
    }
    return image;
  }

  private OutputOptions outputs(UUID storeUuid) {
    return new OutputOptions(
        files,
        store.ports().clock(),
        storeUuid,
        numbers::getAndIncrement,
        OutputOptions.compressedAtTheBottom(TableOptions.DEFAULT),
        PointIndexes.NONE);
  }

  private void count(TableRepair.Outcome outcome) {
    if (outcome.isKept()) {
      kept++;
    } else if (outcome.table() == null) {
      lost++;
    } else {
      rewritten++;
    }
    countLost(outcome.entriesLost());
  }

  private void countLost(long entries) {
    if (entries == Loss.UNKNOWN) {
      isCounted = false;
    } else {
      entriesLost += entries;
    }
  }

  // ---- with a manifest

  private void repair(ManifestImage image) {
    StoreState state = image.state();
    OutputOptions outputs = outputs(image.storeUuid());
    VersionEdit.Builder edit = VersionEdit.builder();
    var tables = new TableRepair(outputs, cache, losses);
    for (PlacedTable placed : state.tables()) {
      TableMeta table = placed.table();
      TableRepair.Outcome outcome = tables.named(state, placed.level(), table);
      count(outcome);
      if (!outcome.isKept()) {
        edit.remove(placed.tree(), placed.level(), table.number());
        plan.moveAside(FileName.table(table.number()));
      }
      if (!outcome.isKept() && outcome.table() != null) {
        edit.add(placed.tree(), placed.level(), outcome.table());
      }
    }
    if (state.logNumber() != 0 && !isLogSound(image)) {
      LogSalvage.Salvaged found =
          salvageLog(
              image.storeUuid(),
              state.logNumber(),
              state.flushedThrough(),
              state.recovery(image.storeUuid(), RecoveryMode.STRICT).boundaries(),
              outputs,
              state.counters(),
              state.trees(),
              edit);
      long lastSequence = Math.max(found.lastSequence(), state.flushedThrough());
      plan.endLog(edit, lastSequence, found.nextSegment());
    }
    plan.state(state.apply(edit.build()));
  }

  private boolean isLogSound(ManifestImage image) {
    RecoveryRequest request = image.state().recovery(image.storeUuid(), RecoveryMode.STRICT);
    var batch = new BatchReader();
    try {
      WalRecovery.check(
          store.ports(),
          request,
          (sequence, timeMillis, bytes, offset, length) -> {
            batch.reset(bytes, offset, length);
            batch.verifyChecksum();
            while (batch.next()) {
              // every operation must be one that can be replayed
            }
          });
      return true;
    } catch (CorruptionException _) {
      return false;
    }
  }

  /// Writes what the log has to tables of level 0.
  private LogSalvage.Salvaged salvageLog(
      UUID storeUuid,
      long fromSegment,
      long flushedThrough,
      List<LogBoundary> boundaries,
      OutputOptions outputs,
      Map<CounterId, Long> counters,
      Map<Integer, Tree> trees,
      VersionEdit.Builder edit) {
    isLogKept = false;
    var request =
        new RecoveryRequest(
            storeUuid, fromSegment, flushedThrough, boundaries, RecoveryMode.SKIP_CORRUPT);
    long from = Math.max(0, flushedThrough);
    var batch = new BatchReader();
    try (var log = new LogTables(store.ports(), outputs, from, counters, trees)) {
      LogSalvage.Salvaged found =
          LogSalvage.read(
              files,
              request,
              (sequence, timeMillis, bytes, offset, length) -> {
                batch.reset(bytes, offset, length);
                batch.verifyChecksum();
                log.batch(sequence, bytes, offset, length);
              });
      found
          .losses()
          .forEach(loss -> {
            losses.add(loss);
            countLost(loss.entries());
          });
      edit.merge(log.finish());
      logOperations = log.operations();
      log.counters().forEach(edit::counter);
      found.segments().forEach(segment -> plan.moveAside(FileName.log(segment)));
      return found;
    }
  }

  // ---- without

  private record Found(long order, TableMeta table) {}

  private void rebuild(UUID storeUuid) {
    OutputOptions outputs = outputs(storeUuid);
    ManifestRemains remains = ManifestRemains.read(files, store.names());
    var tables = new ArrayList<Found>();
    var repair = new TableRepair(outputs, cache, losses);
    for (String name : store.names()) {
      FileName parsed = FileName.parse(name);
      if (parsed == null || parsed.kind() != FileName.Kind.TABLE) {
        continue;
      }
      plan.moveAside(name);
      TableRepair.Outcome outcome =
          remains.removed().contains(parsed.number())
              ? null
              : repair.found(parsed.number(), Levels.LAST);
      if (outcome != null) {
        count(outcome);
        TableMeta table = outcome.table();
        if (table != null) {
          tables.add(new Found(parsed.number(), table));
        }
      }
    }
    VersionEdit.Builder logEdit = VersionEdit.builder();
    LogSalvage.Salvaged log =
        salvageLog(
            storeUuid,
            0,
            remains.flushedThrough() < 0 ? LogSalvage.NOTHING_KNOWN : remains.flushedThrough(),
            List.of(),
            outputs,
            remains.counters(),
            Map.of(),
            logEdit);
    VersionEdit fromLog = logEdit.build();
    fromLog.added().forEach(added -> tables.add(new Found(added.table().number(), added.table())));
    long lastSequence = Math.max(log.lastSequence(), Math.max(0, remains.flushedThrough()));
    for (Found found : tables) {
      lastSequence = Math.max(lastSequence, found.table().largestSequence());
    }
    VersionEdit.Builder edit = VersionEdit.builder();
    fromLog.counters().forEach(edit::counter);
    if (!tables.isEmpty()) {
      merge(tables, outputs).forEach(table -> edit.add(Levels.LAST, table));
    }
    plan.endLog(edit, lastSequence, log.nextSegment());
    edit.features(StoreFeatures.KNOWN); // which of them it used, nobody knows any more
    plan.state(StoreState.EMPTY.apply(edit.build()));
    plan.forgetPast();
  }

  private List<TableMeta> merge(List<Found> found, OutputOptions outputs) {
    List<TableMeta> newestFirst =
        found.stream()
            .sorted(Comparator.comparingLong(Found::order).reversed())
            .map(Found::table)
            .toList();
    var readers = new ArrayList<TableReader>();
    try {
      for (TableMeta table : newestFirst) {
        readers.add(
            TableReader.open(files, table.number(), outputs.storeUuid(), cache, PointIndexes.NONE));
      }
      return OrphanMerge.run(newestFirst, readers, TABLE_BYTES, outputs, cache);
    } finally {
      readers.forEach(TableReader::release);
    }
  }
}
