package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Makes the results of flushes and compactions durable and visible, one after the other.
///
/// Its lock is held over the manifest's sync, but only background lanes take it: no reader and no
/// writer ever does.
///
/// Invariants:
/// - F1: no flush edit becomes durable before the log is synced through its largest sequence, else
///   a batch could survive by half.
/// - F2: a log segment is released only after the edit that retires it is durable.
final class VersionInstaller {
  private final ReentrantLock lock = new ReentrantLock();
  private final VersionSet versions;
  private final Views views;
  private final WritePath writes;
  private final Wal wal;
  private final StoreFailure failure;
  private final Progress progress;

  VersionInstaller(
      VersionSet versions,
      Views views,
      WritePath writes,
      Wal wal,
      StoreFailure failure,
      Progress progress) {
    this.versions = versions;
    this.views = views;
    this.writes = writes;
    this.wal = wal;
    this.failure = failure;
    this.progress = progress;
  }

  /// Installs the tables of the oldest sealed memtable in its place.
  void installFlush(VersionEdit tables, Memtable flushed) {
    lock.lock();
    try {
      SealPoint sealPoint = views.sealPoint(flushed);
      long firstSegment = views.firstSegmentAfterFlush();
      VersionEdit.Builder edit =
          VersionEdit.builder()
              .merge(tables)
              .lastSequence(Math.max(sealPoint.lastSequence(), versions.state().lastSequence()))
              .flushedThrough(sealPoint.lastSequence())
              .logNumber(firstSegment);
      sealPoint.counters().forEach(edit::counter);
      long historyFrom = wal.historyFrom(firstSegment);
      if (versions.state().historyFrom() != 0) {
        edit.historyFrom(historyFrom);
      }
      syncThrough(sealPoint.lastSequence()); // F1
      Version version = versions.apply(edit.build());
      writes.inOrder(() -> views.installFlush(version, flushed));
      wal.releaseBelow(firstSegment, historyFrom); // F2
    } catch (AtlasException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  private void syncThrough(long sequence) {
    progress.await(() ->
        wal.durableSequence() >= sequence || wal.failure() != null || (wal.write() && wal.sync()));
    AtlasException cause = wal.failure();
    if (cause != null && wal.durableSequence() < sequence) {
      throw cause;
    }
  }

  /// Installs the outcome of a compaction.
  void install(VersionEdit edit) {
    lock.lock();
    try {
      Version version = versions.apply(edit);
      writes.inOrder(() -> views.install(version));
    } catch (AtlasException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  /// Installs tables that come from outside.
  ///
  /// @param edit made of the levels that there are then
  /// @param sequence that of the tables, in the log already
  /// @param whenInstalled runs in the same step, in the order of commits
  void installTables(Function<Levels, VersionEdit> edit, long sequence, Runnable whenInstalled) {
    lock.lock();
    try {
      syncThrough(sequence); // F1
      Version version = versions.apply(edit.apply(versions.state().levels()));
      writes.inOrder(() -> {
        views.install(version);
        whenInstalled.run();
      });
    } catch (AtlasException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  /// A disk found full before the edit was written passes; whatever else failed, the edit may be
  /// durable or not, and only the next open can tell.
  private AtlasException noted(AtlasException e) {
    boolean passes =
        e instanceof StorageException storage
            && storage.isDiskFull()
            && versions.failure() == null
            && wal.failure() == null;
    if (!passes) {
      failure.fail(e);
    }
    return e;
  }
}
