package io.atlaskv.engine.internal.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import io.atlaskv.engine.internal.wal.SegmentMaker.Spare;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the next segment ready, made in the background on the LOG lane, prepares the current one
/// ahead of what is written, and does away with old ones: kept for reuse, else deleted.
///
/// Invariants:
/// - U1: segments become ready in order of their numbers, which have no holes; a segment that could
///   not be made gives its number to the next attempt.
/// - U2: at most one task is on the lane; it alone uses `maker`.
/// - U3: a full disk is no failure of the log: nothing was promised yet. It is told by `shortage`,
///   and tried again; at once, if a segment that was kept for its history only could be deleted.
/// - U4: the task ends only under the lock and only if nothing is demanded: whoever demands while
///   it runs starts no other, and waits for what this one makes.
/// - U5: where segments are kept for their history they are deleted in the order in which this is
///   told, and each deletion is safe before the next: a crash leaves no hole in what is kept.
/// - U6: the task alone prepares segments; one that ended early may be closed under its hands.
final class SegmentSupply {
  private static final int GROWTH_FACTOR = 4;

  /// A log that is synced at least once in so many bytes gets segments without a hole.
  private static final long SYNC_SPACING_BYTES = 256 << 10;

  /// Blocks of the first segment, for whose zeroes the opening of the store waits.
  private static final long FIRST_AHEAD_BYTES = 64 << 10;

  /// More segments of earlier runs than these are deleted before the second one is made, unless
  /// that is waited for: a store that is open for moments only would come to no deletion else.
  private static final int OBSOLETE_MAX = 8;

  private final FileSystem files;
  private final Scheduler scheduler;
  private final UUID storeUuid;
  private final WalOptions options;
  private final Runnable onReady;
  private final Runnable onShortage;
  private final Consumer<AtlasException> onFailure;
  private final LongAdder made = new LongAdder();
  private final LongAdder recycled = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<LogSegment> ready = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<Spare> spares = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<Long> obsolete = new ArrayDeque<>();

  @GuardedBy("lock")
  private @Nullable LogSegment growing; // the current one, if it wants more

  @GuardedBy("lock")
  private boolean isSyncedOften;

  @GuardedBy("lock")
  private boolean isFirst = true; // the current segment, of this run

  @GuardedBy("lock")
  private long spareBytes;

  @GuardedBy("lock")
  private long nextNumber;

  @GuardedBy("lock")
  private long nextBytes;

  @GuardedBy("lock")
  private long demandBytes;

  @GuardedBy("lock")
  private boolean isBusy;

  @GuardedBy("lock")
  private boolean isWaitingForSpace; // for a segment

  @GuardedBy("lock")
  private boolean isWaitingForBlocks; // for the segments that there are

  @GuardedBy("lock")
  private boolean isClosed;

  private volatile long readyBytes; // what the ready segments take at once, 0 = none
  private volatile boolean isPreparing;
  private volatile @Nullable StorageException shortage;
  private @Nullable SegmentMaker maker; // U2

  SegmentSupply(
      Ports ports,
      UUID storeUuid,
      WalOptions options,
      long firstNumber,
      Runnable onReady,
      Runnable onShortage,
      Consumer<AtlasException> onFailure) {
    files = ports.files();
    scheduler = ports.scheduler();
    this.storeUuid = storeUuid;
    this.options = options;
    this.onReady = onReady;
    this.onShortage = onShortage;
    this.onFailure = onFailure;
    nextNumber = firstNumber;
    nextBytes = options.firstSegmentBytes();
  }

  /// Makes the first segment while the caller waits: with few blocks, the task gives it more.
  LogSegment makeFirst() {
    SegmentMaker first = nextMaker(Math.min(options.aheadBytes(), FIRST_AHEAD_BYTES), false);
    LogSegment segment;
    try {
      do {
        segment = first.step();
      } while (segment == null);
    } catch (Throwable e) {
      first.abandon();
      throw e;
    }
    lock.lock();
    try {
      countOn(segment);
    } finally {
      lock.unlock();
    }
    made.increment();
    return segment;
  }

  /// Bytes that fit into one of the ready segments, of those it has blocks for; 0 if none is ready.
  long readyBytes() {
    return readyBytes;
  }

  /// Why no segment is ready, if the disk is full.
  @Nullable StorageException shortage() {
    return shortage;
  }

  /// True while a segment is being made.
  boolean isPreparing() {
    return isPreparing;
  }

  /// Takes the next segment, and has another made; null if none is ready.
  ///
  /// @param last the one that ends
  @Nullable LogSegment take(LogSegment last) {
    lock.lock();
    try {
      isSyncedOften = last.isSyncedEvery(SYNC_SPACING_BYTES);
      LogSegment segment = ready.poll();
      if (segment != null) {
        growing = null;
        isFirst = false;
      }
      countReady();
      start();
      return segment;
    } finally {
      lock.unlock();
    }
  }

  /// Makes the next segments small again, if they are larger than `bytes`; they grow from there.
  void shrinkTo(long bytes) {
    lock.lock();
    try {
      nextBytes = Math.min(nextBytes, Math.max(bytes, options.firstSegmentBytes()));
    } finally {
      lock.unlock();
    }
  }

  /// Has a segment made of at least `bytes` if none is ready. For the appender.
  void demand(long bytes) {
    lock.lock();
    try {
      demandBytes = Math.max(demandBytes, bytes);
      ready.forEach(segment -> segment.want(bytes));
      start();
    } finally {
      lock.unlock();
    }
  }

  /// Has the current segment prepared as far as it wants.
  void grow(LogSegment current) {
    lock.lock();
    try {
      growing = current;
      start();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a segment of this run that is no longer needed.
  ///
  /// @param isReusable whether the file has no other name
  void retire(LogSegment segment, boolean isReusable) {
    lock.lock();
    try {
      if (isReusable
          && segment.bytes() <= options.segmentBytesMax()
          && spareBytes + segment.bytes() <= options.recycledBytesMax()) {
        spares.add(new Spare(segment.number(), segment.bytes(), segment.blocks()));
        spareBytes += segment.bytes();
        isWaitingForSpace = false; // it needs none
        isWaitingForBlocks = false;
      } else {
        obsolete.add(segment.number());
      }
      start();
    } finally {
      lock.unlock();
    }
  }

  /// Deletes a segment that is no longer needed.
  void delete(long number) {
    lock.lock();
    try {
      obsolete.add(number);
      start();
    } finally {
      lock.unlock();
    }
  }

  long made() {
    return made.sum();
  }

  long recycled() {
    return recycled.sum();
  }

  long deleted() {
    return deleted.sum();
  }

  /// Ends the work, the task with its next step; ready segments stay on disk, unused.
  void close() {
    lock.lock();
    try {
      isClosed = true;
      ready.forEach(LogSegment::close);
      ready.clear();
      countReady();
    } finally {
      lock.unlock();
    }
  }

  /// True while the task has files open, or may open some. `onReady` is called when that ends for
  /// the log being closed.
  boolean isBusy() {
    lock.lock();
    try {
      return isBusy;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void start() {
    if (!isBusy && !isClosed && hasWork()) {
      boolean isSubmitted = false;
      isBusy = true;
      try {
        scheduler.submit(Lane.LOG, this::step);
        isSubmitted = true;
      } finally {
        isBusy = isSubmitted;
      }
    }
  }

  @GuardedBy("lock")
  private boolean hasWork() {
    return shortSegment() != null || needsSegment() || !obsolete.isEmpty();
  }

  /// A segment of which more is wanted than is prepared, and can be: the current one before others.
  @GuardedBy("lock")
  private @Nullable LogSegment shortSegment() {
    LogSegment current = growing;
    if (current != null && canPrepare(current)) {
      return current;
    }
    for (LogSegment segment : ready) {
      if (canPrepare(segment)) {
        return segment;
      }
    }
    return null;
  }

  @GuardedBy("lock")
  private boolean canPrepare(LogSegment segment) {
    return segment.isShort() && (segment.hasBlocksNext() || !isWaitingForBlocks);
  }

  @GuardedBy("lock")
  private boolean needsSegment() {
    if (isWaitingForSpace) {
      return false;
    }
    for (LogSegment segment : ready) {
      if (segment.bytes() >= demandBytes) {
        return false;
      }
    }
    return true;
  }

  /// Whoever appends takes the first segment that is large enough, be there blocks or not: so what
  /// is behind one with a hole does not count.
  @GuardedBy("lock")
  private void countReady() {
    long bytes = 0;
    for (LogSegment segment : ready) {
      if (!segment.hasBlocksTo(segment.bytes())) {
        bytes = segment.blocks();
        break;
      }
      bytes = Math.max(bytes, segment.bytes());
    }
    readyBytes = bytes;
    if (bytes >= demandBytes) {
      demandBytes = 0;
    }
  }

  /// One step of the task.
  private boolean step() {
    try {
      boolean hasMore = advance();
      if (!hasMore && isClosed()) {
        onReady.run(); // whoever closes the log waits for the end of the task
      }
      return hasMore;
    } catch (RuntimeException | Error e) { // or writers would wait for a segment that never comes
      giveUpMaking();
      stop();
      onFailure.accept(new StorageException("log: the next segment could not be prepared", e));
      throw e;
    }
  }

  /// Prepares more of a segment, which comes first; or goes on with the next segment, or begins
  /// one, or deletes one.
  private boolean advance() {
    LogSegment toPrepare = segmentToPrepare();
    SegmentMaker making = maker;
    if (isClosed()) {
      giveUpMaking();
      stop();
      return false;
    }
    if (toPrepare == null && making == null) {
      return begin();
    }
    try {
      if (toPrepare != null) {
        prepare(toPrepare);
      } else if (making != null) {
        stepOf(making);
      }
    } catch (StorageException e) {
      if (toPrepare == null || !e.isDiskFull()) {
        giveUpMaking();
      }
      if (!e.isDiskFull()) {
        stop();
        onFailure.accept(e);
        return false;
      }
      waitForSpace(e, toPrepare != null);
    }
    return true;
  }

  private @Nullable LogSegment segmentToPrepare() {
    lock.lock();
    try {
      return shortSegment();
    } finally {
      lock.unlock();
    }
  }

  private void prepare(LogSegment segment) {
    try {
      segment.prepare(SegmentMaker.STEP_BYTES);
    } catch (ClosedException _) { // it ended early, and needs nothing any more
      lock.lock();
      try {
        if (growing == segment) {
          growing = null;
        }
      } finally {
        lock.unlock();
      }
      return;
    }
    lock.lock();
    try {
      countReady();
      if (!isWaitingForSpace) { // for the next segment
        shortage = null;
      }
      if (!isClosed) {
        scheduler.submit(
            Lane.CLEANUP,
            () -> {
              segment.tidy();
              return false;
            });
      }
    } finally {
      lock.unlock();
    }
    onReady.run();
  }

  private void giveUpMaking() {
    SegmentMaker making = maker;
    if (making != null) {
      maker = null;
      isPreparing = false;
      making.abandon();
    }
  }

  private void stepOf(SegmentMaker making) {
    LogSegment segment = making.step();
    if (segment != null) {
      maker = null;
      isPreparing = false;
      publish(segment, making.isRecycling());
    }
  }

  /// Takes on what is to be done next; false, and the task ends, if there is nothing. To see that
  /// and to end is one step under the lock (U4).
  private boolean begin() {
    long number;
    lock.lock();
    try {
      if (!hasWork()) {
        isBusy = false;
        return false;
      }
      if (shortSegment() != null) {
        return true;
      }
      boolean isFarBehind = isFirst && obsolete.size() > OBSOLETE_MAX && demandBytes == 0;
      if (needsSegment() && !isFarBehind) {
        isPreparing = true;
        maker = nextMaker(options.aheadBytes(), isSyncedOften);
        return true;
      }
      number = obsolete.remove();
    } finally {
      lock.unlock();
    }
    deleteFile(number);
    return true;
  }

  private SegmentMaker nextMaker(long ahead, boolean isWhole) {
    lock.lock();
    try {
      long bytes = Math.max(nextBytes, demandBytes);
      Spare spare = spares.poll();
      if (spare != null) {
        spareBytes -= spare.bytes();
      }
      return new SegmentMaker(files, storeUuid, spare, nextNumber, bytes, ahead, isWhole);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void countOn(LogSegment segment) {
    nextNumber = segment.number() + 1;
    nextBytes = Math.min(nextBytes * GROWTH_FACTOR, options.segmentBytesMax());
  }

  private void publish(LogSegment segment, boolean isRecycled) {
    lock.lock();
    try {
      countOn(segment);
      if (isClosed) {
        segment.close();
        return;
      }
      ready.add(segment);
      countReady();
      shortage = null;
    } finally {
      lock.unlock();
    }
    (isRecycled ? recycled : made).increment();
    onReady.run();
  }

  private void deleteFile(long number) {
    try {
      files.delete(FileName.log(number));
      deleted.increment();
      if (options.retention().isOn()) {
        files.syncDirectory(); // U5
        haveRoom();
      }
    } catch (StorageException _) {
      // costs space only: recovery does not read it, and the next open deletes it
    }
  }

  private void haveRoom() {
    lock.lock();
    try {
      isWaitingForSpace = false;
      isWaitingForBlocks = false;
    } finally {
      lock.unlock();
    }
  }

  private void waitForSpace(StorageException reason, boolean isForBlocks) {
    lock.lock();
    try {
      shortage = reason;
      if (isClosed) {
        return;
      }
      isWaitingForSpace = true;
      isWaitingForBlocks |= isForBlocks;
      scheduler.schedule(
          Lane.LOG,
          options.retryDelayNanos(),
          () -> {
            retry();
            return false;
          });
    } finally {
      lock.unlock();
    }
    onShortage.run();
    onReady.run(); // whoever waits for room learns that there is none
  }

  private void retry() {
    lock.lock();
    try {
      isWaitingForSpace = false;
      isWaitingForBlocks = false;
      start();
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      isClosed = true;
      isBusy = false;
    } finally {
      lock.unlock();
    }
  }
}
