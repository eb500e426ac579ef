package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Makes safe what was written. Of the threads that want that one does it for all: one sync covers
/// everything that was written when it began.
///
/// Invariants:
/// - D1: syncs are made by the one thread that has set `isSyncing`.
/// - D2: a sync goes through segments in order, so what is safe in one implies those before.
/// - D3: a request is covered: whoever clears `isSyncing` looks for requests of those who found it
///   set, maybe too late for its sync.
/// - D4: `durable` stays where it was when a sync fails: what that did is unknown until the store
///   is reopened. The failure is told before `isSyncing` is cleared, and whoever sets it next
///   looks: it would find nothing that is still to be synced.
final class LogSyncer {
  private final LogProgress progress;
  private final LogSegments segments;
  private final IdleMark mark;
  private final CommitDelay delay; // D1
  private final Scheduler scheduler;
  private final AtomicBoolean isSyncing = new AtomicBoolean();
  private final AtomicBoolean isQueued = new AtomicBoolean();
  private final AtomicLong requestedCount = new AtomicLong();
  private final LongAdder syncs = new LongAdder();
  private final ArrayList<LogSegment> toSync = new ArrayList<>(); // D1
  private volatile @Nullable SyncWatch watch;

  LogSyncer(
      LogProgress progress,
      LogSegments segments,
      IdleMark mark,
      CommitDelay delay,
      Scheduler scheduler) {
    this.progress = progress;
    this.segments = segments;
    this.mark = mark;
    this.delay = delay;
    this.scheduler = scheduler;
  }

  void requestSync() {
    long written = progress.written().count();
    if (progress.durable().count() < written && !progress.hasFailed() && !progress.isClosed()) {
      requestedCount.accumulateAndGet(written, Math::max);
      queueSync();
    }
  }

  private void queueSync() {
    if (!isQueued.get() && isQueued.compareAndSet(false, true)) {
      boolean isSubmitted = false;
      try {
        scheduler.submit(Lane.SYNC, this::syncRequested);
        isSubmitted = true;
      } finally {
        if (!isSubmitted) {
          isQueued.set(false); // or nobody would queue it again
        }
      }
    }
  }

  private boolean syncRequested() {
    isQueued.set(false); // requests from here on queue the task again
    if (progress.durable().count() < requestedCount.get()) {
      sync(true);
    }
    return false;
  }

  /// Until everything up to `sequence`, which is written, is safe, or the log has failed.
  void awaitDurable(long sequence) {
    progress.awaitSync(
        () -> progress.durable().sequence() >= sequence || progress.hasFailed() || sync(false));
  }

  /// @param leavesRequest whether a caller who gets false counts on being covered; else it asks
  ///   again
  boolean sync(boolean leavesRequest) {
    long target = progress.written().count();
    boolean wasOwner = false;
    try {
      while (progress.durable().count() < target
          && !progress.hasFailed()
          && beginSync(target, leavesRequest)) {
        wasOwner = true;
        syncWritten(!leavesRequest);
      }
    } finally {
      if (wasOwner) {
        lookAfterOthers(); // also if it threw: they found `isSyncing` set
      }
    }
    return progress.durable().count() >= target;
  }

  /// `isSyncing` was cleared.
  private void lookAfterOthers() {
    try {
      if (progress.durable().count() < requestedCount.get()) {
        queueSync(); // D3
      }
      mark.queue();
    } finally {
      progress.tellSynced();
    }
  }

  /// Sets `isSyncing`, or leaves a request that the owner sees after clearing it.
  private boolean beginSync(long target, boolean leavesRequest) {
    if (isSyncing.compareAndSet(false, true)) {
      return true;
    }
    if (!leavesRequest) {
      return false; // the owner tells after clearing it
    }
    requestedCount.accumulateAndGet(target, Math::max);
    return isSyncing.compareAndSet(false, true);
  }

  /// Syncs once; the caller has set `isSyncing`.
  ///
  /// @param isWaitedFor whether threads wait for it, which write again when it is done
  private void syncWritten(boolean isWaitedFor) {
    try {
      if (isWaitedFor) {
        delay.await(progress);
      }
      if (progress.hasFailed()) {
        return; // D4
      }
      LogProgress.Place written = progress.written();
      delay.began(written.count() - progress.durable().count());
      segments.addUnsynced(toSync);
      syncThrough(written);
    } finally {
      toSync.clear();
      isSyncing.set(false);
    }
  }

  private void syncThrough(LogProgress.Place written) {
    SyncWatch told = toSync.isEmpty() ? null : watch;
    try {
      if (told != null) {
        told.began();
      }
      for (LogSegment segment : toSync) { // D2
        segment.sync();
        syncs.increment();
      }
      if (told != null) {
        told.ended(written.sequence());
      }
      delay.ended(progress.written().count() - written.count());
      progress.durable(written);
      segments.retireSafe();
    } catch (StorageException e) {
      progress.fail(e);
    } catch (RuntimeException | Error e) { // what it did is unknown, as with any failed sync
      progress.fail(new StorageException("log: sync failed", e));
      throw e;
    }
  }

  boolean isSyncing() {
    return isSyncing.get();
  }

  void onSync(SyncWatch value) {
    watch = value;
  }

  /// Syncs of segments.
  long syncs() {
    return syncs.sum();
  }
}
