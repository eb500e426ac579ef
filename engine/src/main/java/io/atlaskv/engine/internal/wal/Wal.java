package io.atlaskv.engine.internal.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.StageTimes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The write-ahead log of an open store.
///
/// Three kinds of callers, none of which waits for another:
/// - one appender at a time, under the commit lock of the caller: `hasRoom`, `append`. No I/O.
/// - any number of writers: one gets to write and writes for all, the others go on at once.
/// - any number of syncers, in the same way: one sync covers all that was written when it began.
///
/// Invariants:
/// - L1: groups are written in the order of their places, so written sequences have no hole.
/// - L2: `durableSequence <= writtenSequence <= ` last appended sequence, and none ever falls.
/// - L3: after a failed write or sync nothing is written, synced or appended any more, and
///   `durableSequence` stays: what the failed call did is unknown until the store is reopened.
/// - L4: the group for the next segment is queued behind a NEXT group for the current one, and a
///   sync goes through segments in order; so what is safe in one segment implies the ones before.
/// - L5: a segment is reused or deleted only after `releaseBelow` allowed it, and reused only if it
///   was made by this run and never retained or read: nobody else has a name or a handle for it.
/// - L6: `writtenSequence` and `writtenCount` change together, under the lock: who has seen a
///   sequence written asks for a sync of its count, and not of the one before, which may be durable
///   already, so that nobody would sync.
///
/// - L7: of segments that recovery no longer needs the newest are kept, as `WalOptions.retention`
///   says, and deleted later, oldest first, never reused. What is kept has no hole. A full disk
///   ends that: history yields to writes.
///
/// Locks: `lock` is taken inside the commit lock, never held over I/O, and held while one batch is
/// copied at the longest.
public final class Wal implements HistorySource, AutoCloseable {
  private static final String NAME = "log";
  private static final int SPARE_GROUPS_MAX = 4;
  private static final int TIMED_EVERY = 8; // a write takes a microsecond, measuring it a tenth

  /// The segment after one that was ended early is at most so many times what was in that: who ends
  /// segments often gets small ones.
  private static final int ROTATED_FACTOR = 4;

  /// What a new group needs beside its payload, with room for a mark that comes between.
  private static final long OVERHEAD_BYTES =
      2L * LogGroupFormat.HEADER_BYTES + LogGroupFormat.ALIGNMENT;

  /// A segment of an earlier run.
  ///
  /// @param bytes size of the file, 0 if nobody asks
  /// @param isEmpty whether it was made ahead and never used; it is no history then
  private record Inherited(long number, long bytes, boolean isEmpty) {}

  private final Clock clock;
  private final Scheduler scheduler;
  private final WalOptions options;
  private final long salt;
  private final SegmentSupply supply;
  private final Signal progress;
  private final Runnable onProgress;
  private final LongAdder groupsWritten = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();
  private final LongAdder syncs = new LongAdder();
  private final LongAdder switches = new LongAdder();
  private final AtomicBoolean isWriting = new AtomicBoolean();
  private final AtomicBoolean isSyncing = new AtomicBoolean();
  private final AtomicBoolean isSyncQueued = new AtomicBoolean();
  private final AtomicBoolean isMarkQueued = new AtomicBoolean();
  private final AtomicLong syncRequestedCount = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<LogGroup> queue = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<LogGroup> spareGroups = new ArrayDeque<>();

  @GuardedBy("lock")
  private @Nullable LogGroup open; // last of the queue, if it still takes batches

  @GuardedBy("lock")
  private final ArrayDeque<LogSegment> active = new ArrayDeque<>(); // not yet safe; last: current

  @GuardedBy("lock")
  private final ArrayList<LogSegment> finished = new ArrayList<>(); // safe, not yet released

  @GuardedBy("lock")
  private final List<Inherited> inherited; // of earlier runs, oldest first

  @GuardedBy("lock")
  private final ArrayList<Long> retained = new ArrayList<>(); // once per caller of `retain`

  @GuardedBy("lock")
  private final ArrayList<Long> everRetained = new ArrayList<>();

  @GuardedBy("lock")
  private long releasedBelow;

  @GuardedBy("lock")
  private long keptFrom; // what is below is no history

  @GuardedBy("lock")
  private long markedAt;

  private final ArrayList<LogSegment> toSync = new ArrayList<>(); // used by the syncing thread
  private LogSegment current; // changed under both locks; read under either
  private long nextSequence; // changed under both locks
  private volatile long appendedCount;
  private volatile long writtenCount;
  private volatile long writtenSequence;
  private volatile long durableCount;
  private volatile long durableSequence;
  private volatile boolean isClosed;
  private volatile @Nullable AtlasException failure;
  private volatile @Nullable SyncWatch syncWatch;
  private volatile @Nullable StageTimes times;
  private int writes; // of whoever is writing

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
    clock = ports.clock();
    scheduler = ports.scheduler();
    progress = ports.waiter().signal();
    salt = LogGroupFormat.salt(storeUuid);
    this.options = options;
    this.onProgress = onProgress;
    supply =
        new SegmentSupply(
            ports,
            storeUuid,
            options,
            recovered.nextSegment(),
            this::tellProgress,
            this::yieldHistory,
            this::fail);
    inherited = inherited(ports.files(), storeUuid, options.retention(), recovered.segments());
    nextSequence = recovered.lastSequence() + 1;
    writtenSequence = recovered.lastSequence();
    durableSequence = recovered.lastSequence();
    current = supply.makeFirst();
    current.beginAt(nextSequence);
    active.add(current);
    supply.demand(0);
  }

  private static List<Inherited> inherited(
      FileSystem files, UUID storeUuid, LogRetention retention, List<Long> numbers) {
    var inherited = new ArrayList<Inherited>();
    for (long number : numbers) {
      inherited.add(
          retention.isOn()
              ? new Inherited(
                  number,
                  files.size(FileName.log(number)),
                  SegmentHistory.isEmpty(files, storeUuid, number))
              : new Inherited(number, 0, false));
    }
    return inherited;
  }

  // ---- the appender

  /// True if a batch of `length` bytes can be appended now. If not, a segment for it is on its way,
  /// and `onProgress` tells when it is there, or when `shortage` says why not. Holds until the next
  /// append.
  public boolean hasRoom(long length) {
    if (failure != null) {
      return false;
    }
    if (current.fits(length + OVERHEAD_BYTES)) {
      return hasBlocks(current.end() + LogGroupFormat.bytes(length) + OVERHEAD_BYTES);
    }
    long bytes = LogGroupFormat.FIRST_OFFSET + LogGroupFormat.bytes(length) + OVERHEAD_BYTES;
    if (supply.readyBytes() >= bytes) {
      return true;
    }
    supply.demand(bytes);
    return supply.readyBytes() >= bytes;
  }

  /// True if the current segment has blocks up to `end`; has more of them made while there are
  /// still enough.
  private boolean hasBlocks(long end) {
    long ahead = options.aheadBytes();
    if (!current.isAllocatedTo(end + ahead / 2) && current.want(end + ahead)) {
      supply.grow(current);
    }
    return current.isAllocatedTo(end);
  }

  /// Appends a finished batch; `hasRoom` must have been true for it.
  ///
  /// @param firstSequence the one after the last of all before
  /// @param operations how many sequences the batch takes, 0 if it has counters only
  public void append(long firstSequence, int operations, MemorySegment batch, long length) {
    lock.lock();
    try {
      requireWritable();
      if (firstSequence != nextSequence) {
        throw new IllegalArgumentException(
            "firstSequence=" + firstSequence + " nextSequence=" + nextSequence);
      }
      LogGroup group = open;
      if (group == null || !group.hasSpace(length)) {
        group = openGroup(length);
      }
      long count = appendedCount + 1;
      group.add(batch, length, operations, count);
      nextSequence = firstSequence + operations;
      appendedCount = count;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private LogGroup openGroup(long length) {
    while (!current.fits(length)) {
      LogSegment next = supply.take(current);
      if (next == null) {
        throw new IllegalStateException("no room for " + length + " bytes: hasRoom was not asked");
      }
      queueGroup(LogGroupFormat.NEXT, 0).countAs(appendedCount);
      current = next;
      next.beginAt(nextSequence);
      active.add(next);
    }
    LogGroup group = queueGroup(LogGroupFormat.BATCHES, length);
    current.noteBatches();
    open = group;
    return group;
  }

  @GuardedBy("lock")
  private LogGroup queueGroup(int kind, long payloadBytes) {
    LogGroup group = spareGroups.poll();
    if (group == null) {
      group = new LogGroup(options.groupBytes());
    }
    group.begin(current, kind, nextSequence, payloadBytes);
    queue.add(group);
    open = null;
    return group;
  }

  /// Ends the current segment, if there are batches in it: all that was appended is then below
  /// `currentSegment()`, and what will be is not. For the appender.
  ///
  /// False if there is no next segment yet; one is on its way, and `onProgress` tells when it is
  /// there, or when `shortage` says why not.
  public boolean rotate() {
    lock.lock();
    try {
      requireWritable();
      if (!current.hasBatches()) {
        return true;
      }
      supply.shrinkTo(current.end() * ROTATED_FACTOR);
      LogSegment next = supply.take(current);
      if (next == null) {
        return false;
      }
      long count = appendedCount + 1; // as an append of its own: nothing may follow for a while
      queueGroup(LogGroupFormat.NEXT, 0).countAs(count);
      appendedCount = count;
      current = next;
      next.beginAt(nextSequence);
      active.add(next);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void requireWritable() {
    if (isClosed) {
      throw new ClosedException(NAME);
    }
    AtlasException cause = failure;
    if (cause != null) {
      throw new ReadOnlyException("the log is read-only until reopened", cause);
    }
  }

  // ---- writers

  /// Writes what is pending. True if all that was appended before the call is with the kernel;
  /// false if another thread is writing it and will tell `onProgress`, or if the log has failed.
  public boolean write() {
    long target = appendedCount;
    boolean wasOwner = false;
    // Whoever appends while the last group is being written may find `isWriting` still set: so look
    // again after clearing it.
    while (writtenCount < appendedCount
        && failure == null
        && isWriting.compareAndSet(false, true)) {
      wasOwner = true;
      writeQueue();
    }
    if (wasOwner) {
      tellProgress();
    }
    return writtenCount >= target;
  }

  /// Writes all groups; the caller has set `isWriting`.
  private void writeQueue() {
    try {
      for (LogGroup group = takeGroup(); group != null; group = takeGroup()) {
        var bytes = group.finish(salt, durableSequence, clock.currentTimeMillis());
        StageTimes measured = ++writes % TIMED_EVERY == 0 ? times : null;
        long start = measured == null ? 0 : measured.start();
        group.target().write(group, bytes);
        if (measured != null) {
          measured.record(Stage.LOG_WRITE, start);
        }
        groupsWritten.increment();
        bytesWritten.add(group.bytes());
        written(group);
      }
    } catch (StorageException e) {
      fail(e);
    } catch (RuntimeException | Error e) { // the group is lost: what follows would leave a hole
      fail(new StorageException("log: write failed", e));
      throw e;
    } finally {
      isWriting.set(false);
    }
  }

  private @Nullable LogGroup takeGroup() {
    lock.lock();
    try {
      if (failure != null) {
        return null;
      }
      LogGroup group = queue.poll();
      if (queue.isEmpty()) {
        open = null;
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  /// Says that a group is with the kernel, and gives it back. Sequence and count change together:
  /// whoever has seen the one finds the other (L6).
  private void written(LogGroup group) {
    if (group.kind() == LogGroupFormat.NEXT) {
      switches.increment();
    }
    long sequence = group.lastSequence();
    long count = group.appendCount();
    group.recycle(options.groupBytes());
    lock.lock();
    try {
      writtenSequence = sequence;
      writtenCount = count;
      if (spareGroups.size() < SPARE_GROUPS_MAX && !isClosed) {
        spareGroups.add(group);
        return;
      }
    } finally {
      lock.unlock();
    }
    group.close();
  }

  /// The count of what is written, that of a sequence just seen included (L6).
  private long writtenCount() {
    lock.lock();
    try {
      return writtenCount;
    } finally {
      lock.unlock();
    }
  }

  /// Last sequence that is with the kernel: the death of the process does not lose it.
  public long writtenSequence() {
    return writtenSequence;
  }

  // ---- syncers

  /// Has all that is written made safe soon, by the SYNC lane.
  public void requestSync() {
    long written = writtenCount();
    if (durableCount < written && failure == null && !isClosed) {
      syncRequestedCount.accumulateAndGet(written, Math::max);
      queueSync();
    }
  }

  private void queueSync() {
    if (!isSyncQueued.get() && isSyncQueued.compareAndSet(false, true)) {
      scheduler.submit(Lane.SYNC, this::syncRequested);
    }
  }

  private boolean syncRequested() {
    isSyncQueued.set(false); // requests from here on queue the task again
    if (durableCount < syncRequestedCount.get()) {
      sync();
    }
    return false;
  }

  /// Makes safe what is written. True if all that was written before the call is safe; false if
  /// another thread is syncing and will tell `onProgress` when it has covered this call too, or if
  /// the log has failed.
  public boolean sync() {
    return sync(true);
  }

  /// As `sync`, for a caller who asks again after each `onProgress` until it gets true. It leaves
  /// no request behind, so that no thread of the SYNC lane is woken for what one of those who wait
  /// will do.
  public boolean trySync() {
    return sync(false);
  }

  private boolean sync(boolean leavesRequest) {
    long target = writtenCount();
    boolean wasOwner = false;
    while (durableCount < target && failure == null && beginSync(target, leavesRequest)) {
      wasOwner = true;
      syncWritten();
    }
    if (wasOwner) {
      if (durableCount < syncRequestedCount.get()) {
        queueSync(); // of someone who found `isSyncing` set, maybe too late for this sync
      }
      queueMark();
      tellProgress();
    }
    return durableCount >= target;
  }

  /// Sets `isSyncing`, or leaves a request that the owner sees after clearing it.
  private boolean beginSync(long target, boolean leavesRequest) {
    if (isSyncing.compareAndSet(false, true)) {
      return true;
    }
    if (!leavesRequest) {
      return false; // the owner calls `onProgress` after clearing it
    }
    syncRequestedCount.accumulateAndGet(target, Math::max);
    return isSyncing.compareAndSet(false, true);
  }

  /// Syncs once; the caller has set `isSyncing`.
  private void syncWritten() {
    long count = writtenCount; // before the sequence, which may then be of a later write
    long sequence = writtenSequence;
    lock.lock();
    try {
      for (LogSegment segment : active) {
        if (segment.hasUnsynced()) {
          toSync.add(segment);
        }
      }
    } finally {
      lock.unlock();
    }
    SyncWatch watch = toSync.isEmpty() ? null : syncWatch;
    try {
      if (watch != null) {
        watch.began();
      }
      for (LogSegment segment : toSync) { // L4
        segment.sync();
        syncs.increment();
      }
      if (watch != null) {
        watch.ended(sequence);
      }
      durableSequence = sequence;
      durableCount = count;
      retireSafe();
    } catch (StorageException e) {
      fail(e);
    } catch (RuntimeException | Error e) { // what it did is unknown, as with any failed sync
      fail(new StorageException("log: sync failed", e));
      throw e;
    } finally {
      toSync.clear();
      isSyncing.set(false);
    }
  }

  /// True while a sync runs; `onProgress` is called after it.
  public boolean isSyncing() {
    return isSyncing.get();
  }

  /// Measures writes from now on.
  public void times(StageTimes value) {
    times = value;
  }

  /// Has each sync from now on followed.
  public void onSync(SyncWatch watch) {
    syncWatch = watch;
  }

  /// Last sequence that a power cut does not lose.
  public long durableSequence() {
    return durableSequence;
  }

  // ---- marks

  private void queueMark() {
    if (!isClosed && !isMarkQueued.get() && isMarkQueued.compareAndSet(false, true)) {
      try {
        scheduler.schedule(Lane.SYNC, options.markDelayNanos(), this::markIfIdle);
      } catch (ClosedException _) {
        // closed since the sync: the seal says more than a mark
      }
    }
  }

  /// Says in the log that all is safe, if nothing was appended since the last sync. Nothing depends
  /// on a mark being there: it is not synced.
  private boolean markIfIdle() {
    isMarkQueued.set(false);
    lock.lock();
    try {
      boolean isIdle = queue.isEmpty() && durableCount == appendedCount;
      if (isClosed
          || failure != null
          || !isIdle
          || markedAt == appendedCount
          || !current.fits(OVERHEAD_BYTES)) {
        return false;
      }
      markedAt = appendedCount;
      queueGroup(LogGroupFormat.MARK, 0).countAs(appendedCount);
    } finally {
      lock.unlock();
    }
    if (isWriting.compareAndSet(false, true)) { // if not: whoever writes next takes the mark along
      writeQueue();
      write();
      tellProgress(); // of batches that came behind the mark, whose writers found `isWriting` set
    }
    return false;
  }

  // ---- segments

  /// Number of the segment that the next append goes to, or of one before it: what is appended from
  /// now on is in this segment or later ones. For the appender.
  public long currentSegment() {
    return current.number();
  }

  /// Allows to reuse or delete all segments below `segment`: the manifest says, safely, that
  /// recovery will not read them.
  public void releaseBelow(long segment) {
    releaseBelow(segment, segment);
  }

  /// As above, but those from `historyFrom` on are kept: the manifest says, safely, that history
  /// begins there.
  public void releaseBelow(long segment, long historyFrom) {
    lock.lock();
    try {
      releasedBelow = Math.max(releasedBelow, segment);
      keptFrom = Math.max(keptFrom, historyFrom);
      releaseFinished();
    } finally {
      lock.unlock();
    }
  }

  /// Says that there is no history before `segment`. To be called before anything is released.
  public void beginHistory(long segment) {
    lock.lock();
    try {
      keptFrom = segment;
    } finally {
      lock.unlock();
    }
  }

  /// Where history would begin if all segments below `segment` were released.
  public long historyFrom(long segment) {
    lock.lock();
    try {
      long from = Math.max(segment, keptFrom);
      int count = 0;
      long bytes = 0;
      for (Inherited kept : releasable().reversed()) {
        if (kept.number() >= segment) {
          continue;
        }
        count++;
        bytes += kept.bytes();
        if (!options.retention().allows(count, bytes)) {
          break;
        }
        from = kept.number();
      }
      return from;
    } finally {
      lock.unlock();
    }
  }

  /// What is history and finished, oldest first.
  @GuardedBy("lock")
  private List<Inherited> releasable() {
    var segments = new ArrayList<>(inherited);
    for (LogSegment segment : finished) {
      segments.add(new Inherited(segment.number(), segment.bytes(), false));
    }
    long from = keptFrom;
    segments.removeIf(segment -> segment.isEmpty() || segment.number() < from);
    return segments;
  }

  /// The segments that hold what was committed, oldest first; the last one is the current one.
  @Override
  public List<HistorySegment> history() {
    lock.lock();
    try {
      var segments = new ArrayList<HistorySegment>();
      for (Inherited segment : inherited) {
        if (!segment.isEmpty()) {
          segments.add(new HistorySegment(segment.number(), 0));
        }
      }
      for (LogSegment segment : finished) {
        segments.add(new HistorySegment(segment.number(), segment.firstSequence()));
      }
      for (LogSegment segment : active) {
        segments.add(new HistorySegment(segment.number(), segment.firstSequence()));
      }
      long from = keptFrom;
      segments.removeIf(segment -> segment.number() < from);
      return segments;
    } finally {
      lock.unlock();
    }
  }

  /// Says that somebody is about to open a segment of the history, which is then never reused: who
  /// reads it may go on when it has been deleted. False if it is gone.
  @Override
  public boolean beginRead(long segment) {
    lock.lock();
    try {
      if (segment < keptFrom || !segments().contains(segment)) {
        return false;
      }
      if (!everRetained.contains(segment)) {
        everRetained.add(segment);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Gives up the oldest segment that is kept for its history only: the disk is full.
  public void yieldHistory() {
    lock.lock();
    try {
      List<Inherited> segments = releasable();
      if (segments.isEmpty() || segments.getFirst().number() >= releasedBelow) {
        return;
      }
      long next = segments.size() > 1 ? segments.get(1).number() : releasedBelow;
      next = Math.min(next, releasedBelow);
      long from = next;
      if (retained.stream().noneMatch(number -> number < from)) { // L7: no hole
        keptFrom = from;
        releaseFinished();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Keeps a segment and its content, whatever is released, until `unretain` has been called as
  /// often. It will not be reused even then: it may have got other names.
  public void retain(long segment) {
    lock.lock();
    try {
      retained.add(segment);
      if (!everRetained.contains(segment)) {
        everRetained.add(segment);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Retains all segments from `from` on but the current one, and says which they are. Their
  /// content is final if `rotate` came before; it is safe once `isSafeBelow` says so.
  public List<Long> retainFrom(long from) {
    lock.lock();
    try {
      List<Long> numbers =
          segments().stream()
              .filter(number -> number >= from && number < current.number())
              .toList();
      numbers.forEach(this::retain);
      return numbers;
    } finally {
      lock.unlock();
    }
  }

  /// True if all segments below are finished, written and synced.
  public boolean isSafeBelow(long segment) {
    lock.lock();
    try {
      return active.isEmpty() || active.element().number() >= segment;
    } finally {
      lock.unlock();
    }
  }

  /// Ends a `retain`.
  public void unretain(long segment) {
    lock.lock();
    try {
      if (!retained.remove((Long) segment)) {
        throw new IllegalStateException("segment " + segment + " is not retained");
      }
      releaseFinished();
    } finally {
      lock.unlock();
    }
  }

  /// Bytes used in segments of this run that are not released.
  public long liveBytes() {
    lock.lock();
    try {
      long bytes = 0;
      for (LogSegment segment : active) {
        bytes += segment.end();
      }
      for (LogSegment segment : finished) {
        bytes += segment.end();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private void retireSafe() {
    lock.lock();
    try {
      while (active.size() > 1 && active.element().isSafe()) {
        LogSegment segment = active.remove();
        segment.close();
        finished.add(segment);
      }
      releaseFinished();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void releaseFinished() {
    if (isClosed) {
      return;
    }
    for (var numbers = inherited.iterator(); numbers.hasNext(); ) {
      Inherited segment = numbers.next();
      if (segment.isEmpty() ? segment.number() < releasedBelow : isReleased(segment.number())) {
        numbers.remove();
        supply.delete(segment.number());
      }
    }
    for (var segments = finished.iterator(); segments.hasNext(); ) {
      LogSegment segment = segments.next();
      if (isReleased(segment.number())) {
        segments.remove();
        boolean hasReaders = everRetained.remove((Long) segment.number());
        supply.retire(segment, !hasReaders && !options.retention().isOn()); // L5, L7
      }
    }
  }

  @GuardedBy("lock")
  private boolean isReleased(long segment) {
    return segment < Math.min(releasedBelow, keptFrom) && !retained.contains(segment);
  }

  // ---- state

  /// What made the log read-only; null if nothing did.
  public @Nullable AtlasException failure() {
    return failure;
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
    int keptSegments = 0;
    long keptBytes = 0;
    lock.lock();
    try {
      for (Inherited segment : releasable()) {
        if (segment.number() < releasedBelow) {
          keptSegments++;
          keptBytes += segment.bytes();
        }
      }
    } finally {
      lock.unlock();
    }
    return new WalStatistics(
        groupsWritten.sum(),
        bytesWritten.sum(),
        syncs.sum(),
        switches.sum(),
        supply.made(),
        supply.recycled(),
        supply.deleted(),
        keptSegments,
        keptBytes);
  }

  private void fail(AtlasException cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
    } finally {
      lock.unlock();
    }
    tellProgress();
  }

  private void tellProgress() {
    progress.wakeAll();
    onProgress.run();
  }

  /// Writes and syncs all that was appended, says in the log that it was closed, and closes it. The
  /// appender must have stopped; waits for others that are writing or syncing. A log that has
  /// failed is only closed.
  ///
  /// @throws ReadOnlyException if it fails now, with the cause
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    boolean hadFailed = failure != null;
    awaitSafe();
    lock.lock();
    try {
      if (failure == null) {
        long count = appendedCount + 1;
        queueGroup(LogGroupFormat.SEAL, 0).countAs(count);
        appendedCount = count;
      }
    } finally {
      lock.unlock();
    }
    awaitSafe();
    isClosed = true;
    supply.close();
    closeFiles();
    AtlasException cause = failure;
    if (cause != null && !hadFailed) {
      throw new ReadOnlyException("the log could not be closed cleanly", cause);
    }
  }

  private void awaitSafe() {
    progress.await(() -> failure != null || (write() && sync()), Long.MAX_VALUE);
  }

  private void closeFiles() {
    // Whoever is writing or syncing still is so in vain, for a log that has failed.
    progress.await(() -> !isWriting.get() && !isSyncing.get(), Long.MAX_VALUE);
    lock.lock();
    try {
      active.forEach(LogSegment::close);
      active.clear();
      finished.clear();
      queue.forEach(LogGroup::close);
      queue.clear();
      spareGroups.forEach(LogGroup::close);
      spareGroups.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Segments of this and earlier runs that are not released, oldest first; the last one is the
  /// current one.
  public List<Long> segments() {
    lock.lock();
    try {
      var numbers = new ArrayList<Long>();
      inherited.forEach(segment -> numbers.add(segment.number()));
      finished.forEach(segment -> numbers.add(segment.number()));
      active.forEach(segment -> numbers.add(segment.number()));
      return numbers;
    } finally {
      lock.unlock();
    }
  }
}
