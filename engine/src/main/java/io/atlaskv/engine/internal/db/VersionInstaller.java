package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.compaction.FlushJob;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.TreeProfile;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes the results of flushes and compactions durable and visible, one after the other.
///
/// Its lock is held over the manifest's sync, but only background lanes take it, and who changes
/// the options of a namespace: no reader and no writer ever does.
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
  private boolean isClosed; // guarded by the lock

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

  /// Installs the tables of the oldest sealed memtable in its place; false if a tree was made since
  /// the job began: nothing was done then, and the memtable has to be written anew.
  boolean installFlush(FlushJob job, Memtable flushed) {
    lock.lock();
    try {
      if (!job.isFor(versions.state().trees())) {
        return false;
      }
      VersionEdit tables = job.edit();
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
      return true;
    } catch (AtlasException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  /// Ends the current segment of the log and says that recovery needs it no more, if all that was
  /// committed is in tables and the next segment is ready: the next open then has nothing to read.
  /// After the last commit.
  void releaseLog() {
    lock.lock();
    try {
      View view = views.current();
      boolean isFlushed = view.active().isEmpty() && view.sealed().length == 0;
      if (!isFlushed || versions.state().flushedThrough() < writes.visibleSequence()) {
        return;
      }
      writes.inOrder(wal::rotate);
      long segment = wal.currentSegment();
      if (segment == versions.state().logNumber()) {
        return;
      }
      progress.await(() -> wal.failure() != null || (wal.write() && wal.sync()));
      if (wal.failure() != null) {
        return; // closing it tells
      }
      VersionEdit.Builder edit = VersionEdit.builder().logNumber(segment);
      if (versions.state().historyFrom() != 0) {
        edit.historyFrom(wal.historyFrom(segment));
      }
      versions.apply(edit.build());
    } catch (StorageException e) {
      if (!e.isDiskFull()) {
        throw noted(e);
      }
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

  /// Gives a namespace a tree of its own, or its tree another profile: what `change` makes of what
  /// it has, which is null if it has no tree. All that is flushed from now on follows it.
  void profile(int namespace, UnaryOperator<@Nullable TreeProfile> change) {
    lock.lock();
    try {
      if (isClosed) {
        throw new ClosedException("the store");
      }
      Tree tree = versions.state().trees().get(namespace);
      TreeProfile before = tree == null ? null : tree.profile();
      TreeProfile after = change.apply(before);
      if (after != null && !after.equals(before)) {
        apply(VersionEdit.builder().profile(namespace, after).build());
      }
    } catch (StorageException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more from callers; to be called before what it changes is closed.
  void close() {
    lock.lock();
    try {
      isClosed = true;
    } finally {
      lock.unlock();
    }
  }

  /// Installs the outcome of a compaction.
  void install(VersionEdit edit) {
    lock.lock();
    try {
      apply(edit);
    } catch (AtlasException e) {
      throw noted(e);
    } finally {
      lock.unlock();
    }
  }

  private void apply(VersionEdit edit) {
    Version version = versions.apply(edit);
    writes.inOrder(() -> views.install(version));
  }

  /// Installs tables that come from outside.
  ///
  /// @param edit made of the state that there is then
  /// @param sequence that of the tables, in the log already
  /// @param whenInstalled runs in the same step, in the order of commits
  void installTables(
      Function<StoreState, VersionEdit> edit, long sequence, Runnable whenInstalled) {
    lock.lock();
    try {
      syncThrough(sequence); // F1
      Version version = versions.apply(edit.apply(versions.state()));
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
