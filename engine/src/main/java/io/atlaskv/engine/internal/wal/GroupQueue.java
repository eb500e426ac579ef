package io.atlaskv.engine.internal.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.StorageException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The groups that were begun and are not yet written. The appender fills the last one and goes on
/// to the next segment; whoever writes takes the first one.
///
/// Invariants:
/// - Q1: groups are in the order of their places in the log, and are taken in this order.
/// - Q2: the first group for the next segment stands behind a NEXT group for the current one.
/// - Q3: batches go to the group `open` only, which is the last one; one that is taken is not open
///   any more.
/// - Q4: `current` and `nextSequence` are changed by the appender under the lock: it reads them
///   without, all others under it.
/// - Q5: a segment that was taken is the next one, or the log has failed: recovery would end at one
///   that was passed over.
final class GroupQueue {
  private static final int SPARE_GROUPS_MAX = 4;

  /// The segment after one that was ended early is at most so many times what was in that: who ends
  /// segments often gets small ones.
  private static final int ROTATED_FACTOR = 4;

  /// What a new group needs beside its payload, with room for a mark that comes between.
  private static final long OVERHEAD_BYTES =
      2L * LogGroupFormat.HEADER_BYTES + LogGroupFormat.ALIGNMENT;

  private final ReentrantLock lock;
  private final LogProgress progress;
  private final SegmentSupply supply;
  private final LogSegments segments;
  private final WalOptions options;

  @GuardedBy("lock")
  private final ArrayDeque<LogGroup> groups = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<LogGroup> spares = new ArrayDeque<>();

  @GuardedBy("lock")
  private @Nullable LogGroup open; // Q3; null if there is none with room

  @GuardedBy("lock")
  private long markedAt;

  @GuardedBy("lock")
  private boolean isSealed;

  private LogSegment current; // Q4
  private long nextSequence; // Q4

  /// @param lock the one of the log
  /// @param first the segment to begin with
  GroupQueue(
      ReentrantLock lock,
      LogProgress progress,
      SegmentSupply supply,
      LogSegments segments,
      WalOptions options,
      LogSegment first,
      long firstSequence) {
    this.lock = lock;
    this.progress = progress;
    this.supply = supply;
    this.segments = segments;
    this.options = options;
    current = first;
    nextSequence = firstSequence;
    first.beginAt(firstSequence);
    segments.begin(first);
  }

  // ---- the appender

  boolean hasRoom(long length) {
    if (progress.hasFailed()) {
      return false;
    }
    if (current.fits(length + OVERHEAD_BYTES)) {
      return hasBlocks(current.end() + LogGroupFormat.bytes(length) + OVERHEAD_BYTES);
    }
    if (mayTake(length) && !hasBlocks(current.bytes())) {
      return false;
    }
    long bytes = LogGroupFormat.FIRST_OFFSET + LogGroupFormat.bytes(length) + OVERHEAD_BYTES;
    if (supply.readyBytes() >= bytes) {
      return true;
    }
    supply.demand(bytes);
    return supply.readyBytes() >= bytes;
  }

  /// True if a batch that does not fit surely, as a mark may come between, may fit yet.
  private boolean mayTake(long length) {
    return current.hasSpaceUpTo(current.end() + length - LogGroupFormat.ALIGNMENT);
  }

  /// True if the current segment has blocks up to `end`; has more of it prepared while there is
  /// still enough.
  private boolean hasBlocks(long end) {
    long ahead = options.aheadBytes();
    if (current.prepared() < Math.min(end + ahead / 2, current.bytes())
        && current.want(end + ahead)) {
      supply.grow(current);
    }
    return current.hasBlocksTo(end);
  }

  void append(long firstSequence, int operations, MemorySegment batch, long length) {
    lock.lock();
    try {
      progress.requireWritable();
      if (firstSequence != nextSequence) {
        throw new IllegalArgumentException(
            "firstSequence=" + firstSequence + " nextSequence=" + nextSequence);
      }
      LogGroup group = open;
      if (group == null || !group.hasSpace(length)) {
        group = openGroup(length);
      }
      long count = progress.appendedCount() + 1;
      group.add(batch, length, operations, count);
      nextSequence = firstSequence + operations;
      progress.appended(count);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private LogGroup openGroup(long length) {
    while (!current.fits(length)) {
      if (!goOn(false)) {
        throw new IllegalStateException("no room for " + length + " bytes: hasRoom was not asked");
      }
    }
    LogGroup group = begin(LogGroupFormat.BATCHES, length);
    current.noteBatches();
    open = group;
    return group;
  }

  /// Ends the current segment; false if there is no next one.
  ///
  /// @param isCounted whether that is an append of its own, as nothing may follow for a while
  @GuardedBy("lock")
  private boolean goOn(boolean isCounted) {
    try {
      LogSegment next = supply.take(current);
      if (next == null) {
        return false;
      }
      long count = isCounted ? countedAppend() : progress.appendedCount();
      begin(LogGroupFormat.NEXT, 0).countAs(count); // Q2
      current = next;
      next.beginAt(nextSequence);
      segments.begin(next);
      return true;
    } catch (RuntimeException | Error e) { // Q5
      progress.fail(new StorageException("log: the next segment could not be begun", e));
      throw e;
    }
  }

  @GuardedBy("lock")
  private LogGroup begin(int kind, long payloadBytes) {
    LogGroup group = spares.poll();
    if (group == null) {
      group = new LogGroup(options.groupBytes());
    }
    group.begin(current, kind, nextSequence, payloadBytes);
    groups.add(group);
    open = null;
    return group;
  }

  boolean rotate() {
    lock.lock();
    try {
      progress.requireWritable();
      if (!current.hasBatches()) {
        return true;
      }
      supply.shrinkTo(current.end() * ROTATED_FACTOR);
      return goOn(true);
    } finally {
      lock.unlock();
    }
  }

  /// Counts an append without a batch, which is written and synced even if no other follows.
  @GuardedBy("lock")
  private long countedAppend() {
    long count = progress.appendedCount() + 1;
    progress.appended(count);
    return count;
  }

  LogSegment current() {
    return current;
  }

  // ---- groups without batches

  /// Queues a mark, if all is safe and nothing says so yet.
  boolean mark() {
    lock.lock();
    try {
      long appended = progress.appendedCount();
      boolean isIdle = groups.isEmpty() && progress.durable().count() == appended;
      if (isSealed // or it would be written behind the seal, to a file that is being closed
          || progress.hasFailed()
          || !isIdle
          || markedAt == appended
          || !current.fits(OVERHEAD_BYTES)) {
        return false;
      }
      markedAt = appended;
      begin(LogGroupFormat.MARK, 0).countAs(appended);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Queues the seal, unless the log has failed. Nothing is appended any more.
  void seal() {
    lock.lock();
    try {
      isSealed = true;
      if (!progress.hasFailed()) {
        begin(LogGroupFormat.SEAL, 0).countAs(countedAppend());
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- whoever writes

  /// Takes the first group; null if there is none, or if the log has failed.
  @Nullable LogGroup take() {
    lock.lock();
    try {
      return next();
    } finally {
      lock.unlock();
    }
  }

  /// Says that a group that was taken is with the kernel, gives it back, and takes the next one:
  /// one lock for what is done between two writes.
  @Nullable LogGroup takeAfter(LogGroup group) {
    var place = new LogProgress.Place(group.lastSequence(), group.appendCount());
    group.recycle(options.groupBytes());
    LogGroup next;
    lock.lock();
    try {
      progress.written(place);
      next = next();
      if (spares.size() < SPARE_GROUPS_MAX && !progress.isClosed()) {
        spares.add(group);
        return next;
      }
    } finally {
      lock.unlock();
    }
    group.close();
    return next;
  }

  @GuardedBy("lock")
  private @Nullable LogGroup next() {
    if (progress.hasFailed()) {
      return null;
    }
    LogGroup group = groups.poll();
    if (groups.isEmpty()) {
      open = null;
    }
    return group;
  }

  /// Gives the memory back. Nobody appends or writes any more.
  void close() {
    lock.lock();
    try {
      groups.forEach(LogGroup::close);
      groups.clear();
      spares.forEach(LogGroup::close);
      spares.clear();
    } finally {
      lock.unlock();
    }
  }
}
