package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.StageTimes;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The write-ahead log of an open store: what a batch goes through, and who does it.
///
/// ```
///            commit lock       one of many          one of many
///  batch ──▶ GroupQueue ─────▶ GroupWriter ───────▶ LogSyncer ─────▶ IdleMark
///            groups in memory  one write a group    one sync for     says so, when
///                │                                  all written      nothing follows
///                │ ends a segment                       │ what is safe is finished
///                ▼                                      ▼
///            SegmentSupply ◀──────────────────────── LogSegments ◀── releaseBelow: it is in tables
///            makes the next one      to be reused    holds, keeps
///            ahead, of old ones      or deleted      for history
///
///            LogProgress: appended, written, durable; failure
/// ```
///
/// Three kinds of callers, none of which waits for another:
/// - one appender at a time, under the commit lock of the caller: `hasRoom`, `append`. No I/O.
/// - any number of writers: one gets to write and writes for all, the others go on at once.
/// - any number of syncers, in the same way: one sync covers all that was written when it began.
///
/// Invariants, of the whole; the parts have their own:
/// - L1: groups are written in the order of their places (Q1), so written sequences have no hole.
/// - L2: the group for the next segment is written behind a NEXT group for the current one (Q2),
///   and a sync goes through segments in order (D2); so what is safe in one segment implies the
///   ones before.
/// - L3: after a failed write or sync nothing is written, synced or appended any more, and
///   `durableSequence` stays: what the failed call did is unknown until the store is reopened.
///
/// Locks: `lock`, which the parts share, is taken inside the commit lock, never held over I/O, and
/// held while one batch is copied at the longest. That of `SegmentSupply` is taken inside it.
public final class Wal implements HistorySource, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final LogProgress progress;
  private final SegmentSupply supply;
  private final LogSegments segments;
  private final GroupQueue queue;
  private final GroupWriter writer;
  private final LogSyncer syncer;

  /// Begins a new life of the log, in a new segment, which is there and safe when this returns.
  ///
  /// @param recovered what recovery found, or `WalRecovery.none`
  /// @param onProgress called, by any thread and without locks, whenever something was written or
  ///   synced, a segment became ready, or the log failed; the first time maybe before this returns
  public Wal(
      Ports ports,
      WalOptions options,
      UUID storeUuid,
      RecoveredLog recovered,
      Runnable onProgress) {
    progress = new LogProgress(lock, ports.waiter(), onProgress, recovered.lastSequence());
    supply =
        new SegmentSupply(
            ports,
            storeUuid,
            options,
            recovered.nextSegment(),
            progress::tell,
            this::yieldHistory,
            progress::fail);
    segments =
        new LogSegments(
            lock,
            progress,
            supply,
            options.retention(),
            ports.files(),
            storeUuid,
            recovered.segments());
    queue =
        new GroupQueue(
            lock,
            progress,
            supply,
            segments,
            options,
            supply.makeFirst(),
            recovered.lastSequence() + 1);
    writer = new GroupWriter(progress, queue, ports.clock(), LogGroupFormat.salt(storeUuid));
    var mark = new IdleMark(progress, queue, writer, ports.scheduler(), options.markDelayNanos());
    var delay = new CommitDelay(ports.waiter(), ports.clock());
    syncer = new LogSyncer(progress, segments, mark, delay, ports.scheduler());
    supply.demand(0);
  }

  // ---- the appender

  /// True if a batch of `length` bytes can be appended now. If not, a segment for it is on its way,
  /// and `onProgress` tells when it is there, or when `shortage` says why not. Holds until the next
  /// append.
  public boolean hasRoom(long length) {
    return queue.hasRoom(length);
  }

  /// Appends a finished batch; `hasRoom` must have been true for it.
  ///
  /// @param firstSequence the one after the last of all before
  /// @param operations how many sequences the batch takes, 0 if it has counters only
  public void append(long firstSequence, int operations, MemorySegment batch, long length) {
    queue.append(firstSequence, operations, batch, length);
  }

  /// Ends the current segment, if there are batches in it: all that was appended is then below
  /// `currentSegment()`, and what will be is not. For the appender.
  ///
  /// False if there is no next segment yet; one is on its way, and `onProgress` tells when it is
  /// there, or when `shortage` says why not.
  public boolean rotate() {
    return queue.rotate();
  }

  // ---- writers

  /// Writes what is pending. True if all that was appended before the call is with the kernel;
  /// false if another thread is writing it and will tell `onProgress`, or if the log has failed.
  public boolean write() {
    return writer.write();
  }

  /// Last sequence that is with the kernel: the death of the process does not lose it.
  public long writtenSequence() {
    return progress.written().sequence();
  }

  // ---- syncers

  /// Has all that is written made safe soon, by the SYNC lane.
  public void requestSync() {
    syncer.requestSync();
  }

  /// Makes safe what is written. True if all that was written before the call is safe; false if
  /// another thread is syncing and will tell `onProgress` when it has covered this call too, or if
  /// the log has failed.
  public boolean sync() {
    return syncer.sync(true);
  }

  /// Waits until everything up to `sequence`, which is written, is safe, or the log has failed. One
  /// of those who wait syncs for all.
  public void awaitDurable(long sequence) {
    syncer.awaitDurable(sequence);
  }

  /// True while a sync runs; `onProgress` is called after it.
  public boolean isSyncing() {
    return syncer.isSyncing();
  }

  /// Measures writes from now on.
  public void times(StageTimes value) {
    writer.times(value);
  }

  /// Has each sync from now on followed.
  public void onSync(SyncWatch watch) {
    syncer.onSync(watch);
  }

  /// Last sequence that a power cut does not lose.
  public long durableSequence() {
    return progress.durable().sequence();
  }

  // ---- segments

  /// Number of the segment that the next append goes to, or of one before it: what is appended from
  /// now on is in this segment or later ones. For the appender.
  public long currentSegment() {
    return queue.current().number();
  }

  /// Allows to reuse or delete all segments below `segment`: the manifest says, safely, that
  /// recovery will not read them.
  public void releaseBelow(long segment) {
    segments.releaseBelow(segment, segment);
  }

  /// As above, but those from `historyFrom` on are kept: the manifest says, safely, that history
  /// begins there.
  public void releaseBelow(long segment, long historyFrom) {
    segments.releaseBelow(segment, historyFrom);
  }

  /// Says that there is no history before `segment`. To be called before anything is released.
  public void beginHistory(long segment) {
    segments.beginHistory(segment);
  }

  /// Where history would begin if all segments below `segment` were released.
  public long historyFrom(long segment) {
    return segments.historyFrom(segment);
  }

  /// The segments that hold what was committed, oldest first; the last one is the current one.
  @Override
  public List<HistorySegment> history() {
    return segments.history();
  }

  /// Says that somebody is about to open a segment of the history, which is then never reused: who
  /// reads it may go on when it has been deleted. False if it is gone.
  @Override
  public boolean beginRead(long segment) {
    return segments.beginRead(segment);
  }

  /// Gives up the oldest segment that is kept for its history only: the disk is full.
  public void yieldHistory() {
    segments.yieldHistory();
  }

  /// Keeps a segment and its content, whatever is released, until `unretain` has been called as
  /// often. It will not be reused even then: it may have got other names.
  public void retain(long segment) {
    segments.retain(segment);
  }

  /// Retains all segments from `from` on but the current one, and says which they are. Their
  /// content is final if `rotate` came before; it is safe once `isSafeBelow` says so.
  public List<Long> retainFrom(long from) {
    return segments.retainFrom(from);
  }

  /// True if all segments below are finished, written and synced.
  public boolean isSafeBelow(long segment) {
    return segments.isSafeBelow(segment);
  }

  /// Ends a `retain`.
  public void unretain(long segment) {
    segments.unretain(segment);
  }

  /// Segments of this and earlier runs that are not released, oldest first; the last one is the
  /// current one.
  public List<Long> segments() {
    return segments.numbers();
  }

  /// Bytes used in segments of this run that are not released.
  public long liveBytes() {
    return segments.liveBytes();
  }

  // ---- state

  /// What made the log read-only; null if nothing did.
  public @Nullable AtlasException failure() {
    return progress.failure();
  }

  /// Why there is no next segment, if the disk is full; null otherwise. Goes away by itself when
  /// there is space again.
  public @Nullable StorageException shortage() {
    return supply.shortage();
  }

  /// True while a segment is being made.
  public boolean isPreparing() {
    return supply.isPreparing();
  }

  public WalStatistics statistics() {
    LogSegments.Kept kept = segments.kept();
    return new WalStatistics(
        writer.groups(),
        writer.bytes(),
        syncer.syncs(),
        writer.switches(),
        supply.made(),
        supply.recycled(),
        supply.deleted(),
        kept.segments(),
        kept.bytes());
  }

  /// Writes and syncs all that was appended, says in the log that it was closed, and closes it. The
  /// appender must have stopped; waits for others that are writing or syncing. A log that has
  /// failed is only closed.
  ///
  /// @throws ReadOnlyException if it fails now, with the cause
  @Override
  public void close() {
    if (progress.isClosed()) {
      return;
    }
    boolean hadFailed = progress.hasFailed();
    awaitSafe();
    queue.seal();
    awaitSafe();
    progress.close();
    supply.close();
    // Whoever is writing or syncing still is so in vain, for a log that has failed.
    // The task of the supply is to close its file while there still is somebody to run it.
    progress.await(() -> !writer.isWriting() && !syncer.isSyncing() && !supply.isBusy());
    segments.close();
    queue.close();
    AtlasException cause = progress.failure();
    if (cause != null && !hadFailed) {
      throw new ReadOnlyException("the log could not be closed cleanly", cause);
    }
  }

  private void awaitSafe() {
    progress.await(() -> progress.hasFailed() || (write() && sync()));
  }
}
