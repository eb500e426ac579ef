package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.BulkLoadMark;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.StoreFeatures;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes tables that were written beside the store a part of it, at one moment and by one edit.
///
/// The tables take one sequence, newer than all before. So nothing that is older and may have their
/// keys may lie above them: the memtables are flushed first, mostly while writers go on; what came
/// meanwhile is flushed while writers are held (`WritePath.hold`), which takes milliseconds. Then
/// the log gets a `BulkLoadMark`, deletions of keys that never exist: it takes the sequence, is
/// safe in the log before the edit is, and is nothing by itself, so a crash in between leaves
/// nothing. The sequence becomes visible with the tables; change feeds tell of the load then.
///
/// Invariants:
/// - I1: from the flush of the last memtable to the end no write is committed.
/// - I2: from the choice of levels to the edit no compaction begins, and no table goes where one
///   that runs will write: so V2 and V3 of `Levels` hold whatever comes first.
/// - I3: whether the namespace still is there is asked while commits are held: it is dropped
///   before, and refuses the tables, or after them, and covers them.
/// - I4: tables are deleted only if no edit that names them can be durable.
final class Ingestion {
  private enum State {
    WAITING,
    RUNNING,
    DONE,
    GIVEN_UP
  }

  private final Scheduler scheduler;
  private final Views views;
  private final WritePath writes;
  private final VersionInstaller installer;
  private final CompactionWork compactions;
  private final StoreFailure failure;
  private final Progress progress;
  private final AtomicBoolean isBusy = new AtomicBoolean();
  private volatile boolean isClosing;

  Ingestion(
      Scheduler scheduler,
      Views views,
      WritePath writes,
      VersionInstaller installer,
      CompactionWork compactions,
      StoreFailure failure,
      Progress progress) {
    this.scheduler = scheduler;
    this.views = views;
    this.writes = writes;
    this.installer = installer;
    this.compactions = compactions;
    this.failure = failure;
    this.progress = progress;
  }

  /// Installs finished tables, in key order. Blocks.
  ///
  /// @param flush writes all memtables to tables, while writers go on
  /// @param check refuses the tables by what it throws
  /// @throws AtlasException if it failed; the tables are gone then, or left to the next open
  void install(SortedLoad load, List<TableMeta> tables, Runnable flush, Runnable check) {
    boolean areUnnamed = true; // I4
    progress.await(() -> isClosing || isBusy.compareAndSet(false, true));
    try {
      requireOpen();
      flush.run();
      writes.hold(); // I1
      try (var marker = new BatchBuilder()) {
        awaitFlushed();
        check.run(); // I3
        SealPoint point = takeSequence(marker, tables);
        areUnnamed = false;
        try {
          onWorker(tables, point);
        } catch (Throwable e) {
          areUnnamed = !failure.isPermanent(); // else nobody knows
          throw e;
        }
      } finally {
        writes.resume();
      }
    } finally {
      if (areUnnamed) {
        load.discard();
      }
      isBusy.set(false);
      progress.run();
    }
  }

  private void awaitFlushed() {
    progress.await(() -> isClosing || failure.current() != null || isFlushed());
    requireOpen();
    failure.requireWritable();
  }

  private boolean isFlushed() {
    writes.sealAll();
    View view = views.acquire();
    try {
      return view.active().isEmpty() && view.sealed().length == 0;
    } finally {
      view.release();
    }
  }

  private SealPoint takeSequence(BatchBuilder marker, List<TableMeta> tables) {
    byte[] key = tables.getFirst().smallest().toArray(); // all are of one namespace
    BulkLoadMark.write(marker, ByteArrays.beInt(key, 0));
    marker.finish();
    var taken = new AtomicReference<@Nullable SealPoint>();
    progress.await(() -> {
      if (isClosing) {
        return true;
      }
      taken.set(writes.commitHeld(marker));
      return taken.get() != null;
    });
    SealPoint point = taken.get();
    if (point == null) {
      throw new ClosedException("the store");
    }
    return point;
  }

  /// Runs the part that writes to the manifest where all of its writers run.
  private void onWorker(List<TableMeta> tables, SealPoint point) {
    var state = new AtomicReference<>(State.WAITING);
    var problem = new AtomicReference<@Nullable Throwable>();
    scheduler.submit(
        Scheduler.Lane.FETCH,
        () -> {
          if (state.compareAndSet(State.WAITING, State.RUNNING)) {
            try {
              installNow(tables, point);
            } catch (Throwable e) { // out of memory too: the caller is told
              noteHalfDone(e);
              problem.set(e);
            } finally {
              state.set(State.DONE);
              progress.run();
            }
          }
          return false;
        });
    progress.await(() -> state.get() == State.DONE || isClosing);
    if (state.compareAndSet(State.WAITING, State.GIVEN_UP)) { // a closing store may not run it
      throw new ClosedException("the store");
    }
    progress.await(() -> state.get() == State.DONE);
    switch (problem.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("the installation throws nothing checked", e);
    }
  }

  /// The store's own exceptions say how far it came. After any other the edit may be durable or
  /// not, and shown to readers or not: only the next open can tell.
  private void noteHalfDone(Throwable thrown) {
    if (!(thrown instanceof AtlasException)) {
      failure.fail(StoreFailure.unexpected("tables could not be installed", thrown));
    }
  }

  private void installNow(List<TableMeta> tables, SealPoint point) {
    byte[] start = tables.getFirst().smallest().toArray();
    byte[] last = tables.getLast().largest().toArray();
    byte[] end = Arrays.copyOf(last, last.length + 1); // the next key there can be
    compactions.hold(); // I2
    try {
      installer.installTables(
          state -> edit(state, tables, point),
          point.lastSequence(),
          () -> writes.publishHeld(point.lastSequence(), start, end));
    } finally {
      compactions.resume();
    }
  }

  private VersionEdit edit(StoreState state, List<TableMeta> tables, SealPoint point) {
    var edit =
        VersionEdit.builder()
            .features(StoreFeatures.INGESTED)
            .lastSequence(point.lastSequence())
            .flushedThrough(point.lastSequence());
    point.counters().forEach(edit::counter);
    int tree = state.treeOf(tables.getFirst().smallest()); // all are of one namespace
    for (TableMeta table : tables) {
      int level = state.isLeveled(tree) ? level(state.levels(tree), table.range()) : 0;
      edit.add(tree, level, table.withSequence(point.lastSequence()));
    }
    return edit.build();
  }

  /// The deepest level with nothing of these keys in it or above.
  private int level(Levels levels, KeyRange range) {
    int level = 0;
    while (level < Levels.LAST
        && levels.overlapping(level, range).isEmpty()
        && levels.overlapping(level + 1, range).isEmpty()) {
      level++;
    }
    while (level > 0 && compactions.writesTo(level, range)) {
      level--;
    }
    return level;
  }

  private void requireOpen() {
    if (isClosing) {
      throw new ClosedException("the store");
    }
  }

  /// Begins no more; whoever waits gives up.
  void close() {
    isClosing = true;
    progress.run();
  }
}
