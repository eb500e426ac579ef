package io.atlaskv.engine.internal.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the next segment ready, made in the background on the LOG lane, and does away with old
/// ones: kept for reuse, else deleted.
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
final class SegmentSupply {
  private static final int GROWTH_FACTOR = 4;

  private record Spare(long number, long bytes) {}

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
  private boolean isWaitingForSpace;

  @GuardedBy("lock")
  private boolean isClosed;

  private volatile long readyBytes; // size of the largest ready segment, 0 = none
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

  /// Makes the first segment while the caller waits.
  LogSegment makeFirst() {
    SegmentMaker first = nextMaker();
    LogSegment segment;
    do {
      segment = first.step();
    } while (segment == null);
    lock.lock();
    try {
      advance(segment);
    } finally {
      lock.unlock();
    }
    made.increment();
    return segment;
  }

  /// Size of the largest segment that is ready, 0 if none is.
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
  @Nullable LogSegment take() {
    lock.lock();
    try {
      LogSegment segment = ready.poll();
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

  /// Has a segment made of at least `bytes` if none is ready.
  void demand(long bytes) {
    lock.lock();
    try {
      demandBytes = Math.max(demandBytes, bytes);
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
        spares.add(new Spare(segment.number(), segment.bytes()));
        spareBytes += segment.bytes();
        isWaitingForSpace = false; // it needs none
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

  /// Ends the work; ready segments stay on disk, unused.
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
    if (!isBusy && !isClosed && (needsSegment() || !obsolete.isEmpty())) {
      isBusy = true;
      scheduler.submit(Lane.LOG, this::step);
    }
  }

  @GuardedBy("lock")
  private boolean needsSegment() {
    return !isWaitingForSpace && (ready.isEmpty() || readyBytes < demandBytes);
  }

  @GuardedBy("lock")
  private void countReady() {
    long largest = 0;
    for (LogSegment segment : ready) {
      largest = Math.max(largest, segment.bytes());
    }
    readyBytes = largest;
    if (largest >= demandBytes) {
      demandBytes = 0;
    }
  }

  /// One step of the task: goes on with a segment, or begins one, or deletes one.
  private boolean step() {
    SegmentMaker current = maker;
    if (current == null) {
      return begin();
    }
    if (isClosed()) {
      maker = null;
      isPreparing = false;
      current.abandon();
      return false;
    }
    try {
      LogSegment segment = current.step();
      if (segment != null) {
        maker = null;
        isPreparing = false;
        publish(segment, current.isRecycling());
      }
    } catch (StorageException e) {
      maker = null;
      isPreparing = false;
      current.abandon();
      if (!e.isDiskFull()) {
        stop();
        onFailure.accept(e);
        return false;
      }
      waitForSpace(e);
    }
    return true;
  }

  /// Takes on what is to be done next; false, and the task ends, if there is nothing. To see that
  /// and to end is one step under the lock (U4).
  private boolean begin() {
    long number;
    lock.lock();
    try {
      if (isClosed || (!needsSegment() && obsolete.isEmpty())) {
        isBusy = false;
        return false;
      }
      if (needsSegment()) {
        isPreparing = true;
        maker = nextMaker();
        return true;
      }
      number = obsolete.remove();
    } finally {
      lock.unlock();
    }
    deleteFile(number);
    return true;
  }

  private SegmentMaker nextMaker() {
    lock.lock();
    try {
      long bytes = Math.max(nextBytes, demandBytes);
      Spare spare = spares.poll();
      if (spare != null) {
        spareBytes -= spare.bytes();
        return new SegmentMaker(files, storeUuid, spare.number(), nextNumber, bytes);
      }
      return new SegmentMaker(files, storeUuid, nextNumber, nextNumber, bytes);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void advance(LogSegment segment) {
    nextNumber = segment.number() + 1;
    nextBytes = Math.min(nextBytes * GROWTH_FACTOR, options.segmentBytesMax());
  }

  private void publish(LogSegment segment, boolean isRecycled) {
    lock.lock();
    try {
      advance(segment);
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
    } finally {
      lock.unlock();
    }
  }

  private void waitForSpace(StorageException reason) {
    lock.lock();
    try {
      shortage = reason;
      if (isClosed) {
        return;
      }
      isWaitingForSpace = true;
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
