package io.atlaskv.engine.internal.wal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// The segments that there are, from their first group until they are given up.
///
/// ```
///  inherited, finished                     active
/// | history     | recovery needs          | not yet safe ..., current |
/// 0  keptFrom    releasedBelow
/// ```
///
/// Invariants:
/// - R1: a segment is reused or deleted only after `releaseBelow` allowed it, and reused only if it
///   was made by this run and never held: nobody else has a name or a handle for it.
/// - R2: of segments that recovery no longer needs the newest are kept, as `LogRetention` says, and
///   deleted later, oldest first, never reused. What is kept has no hole. A full disk ends that:
///   history yields to writes.
/// - R3: `active` is never empty until the log is closed; all but the last have their NEXT group.
final class LogSegments {
  /// A segment that will not change any more.
  ///
  /// @param bytes size of the file, 0 if nobody asks
  /// @param isEmpty whether it was made ahead and never used; it is no history then
  private record Ended(long number, long bytes, boolean isEmpty) {}

  /// Segments kept for their history only, and what their files take.
  record Kept(int segments, long bytes) {}

  private final ReentrantLock lock;
  private final LogProgress progress;
  private final SegmentSupply supply;
  private final LogRetention retention;

  @GuardedBy("lock")
  private final ArrayDeque<LogSegment> active = new ArrayDeque<>(); // R3

  @GuardedBy("lock")
  private final ArrayList<LogSegment> finished = new ArrayList<>(); // safe, not yet released

  @GuardedBy("lock")
  private final ArrayList<Ended> inherited; // of earlier runs, oldest first

  @GuardedBy("lock")
  private final SegmentHolds holds = new SegmentHolds();

  @GuardedBy("lock")
  private long current; // number of the last one that was begun

  @GuardedBy("lock")
  private long releasedBelow;

  @GuardedBy("lock")
  private long keptFrom; // what is below is no history

  /// @param lock the one of the log
  /// @param recovered those of earlier runs
  LogSegments(
      ReentrantLock lock,
      LogProgress progress,
      SegmentSupply supply,
      LogRetention retention,
      FileSystem files,
      UUID storeUuid,
      List<Long> recovered) {
    this.lock = lock;
    this.progress = progress;
    this.supply = supply;
    this.retention = retention;
    inherited = new ArrayList<>();
    for (long number : recovered) {
      inherited.add(
          retention.isOn()
              ? new Ended(
                  number,
                  files.size(FileName.log(number)),
                  SegmentHistory.isEmpty(files, storeUuid, number))
              : new Ended(number, 0, false));
    }
  }

  /// Takes the segment that the log goes on in.
  void begin(LogSegment segment) {
    lock.lock();
    try {
      current = segment.number();
      active.add(segment);
    } finally {
      lock.unlock();
    }
  }

  /// Adds, in order, all segments that something was written to since they were synced.
  void addUnsynced(List<LogSegment> target) {
    lock.lock();
    try {
      for (LogSegment segment : active) {
        if (segment.hasUnsynced()) {
          target.add(segment);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Closes those that have their end, and are safe.
  void retireSafe() {
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

  boolean isSafeBelow(long segment) {
    lock.lock();
    try {
      return active.isEmpty() || active.element().number() >= segment;
    } finally {
      lock.unlock();
    }
  }

  // ---- release

  void releaseBelow(long segment, long historyFrom) {
    lock.lock();
    try {
      releasedBelow = Math.max(releasedBelow, segment);
      keptFrom = Math.max(keptFrom, historyFrom);
      releaseFinished();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void releaseFinished() {
    if (progress.isClosed()) {
      return;
    }
    long unkeptBelow = Math.min(releasedBelow, keptFrom);
    for (var segments = inherited.iterator(); segments.hasNext(); ) {
      Ended segment = segments.next();
      if (isReleased(segment.number(), segment.isEmpty() ? releasedBelow : unkeptBelow)) {
        segments.remove();
        holds.forget(segment.number());
        supply.delete(segment.number());
      }
    }
    for (var segments = finished.iterator(); segments.hasNext(); ) {
      LogSegment segment = segments.next();
      if (isReleased(segment.number(), unkeptBelow)) {
        segments.remove();
        boolean wasHeld = holds.forget(segment.number());
        supply.retire(segment, !wasHeld && !retention.isOn()); // R1, R2
      }
    }
  }

  /// @param below up to where the log may give segments of this kind up
  @GuardedBy("lock")
  private boolean isReleased(long segment, long below) {
    return segment < below && !holds.isRetained(segment);
  }

  void retain(long segment) {
    lock.lock();
    try {
      holds.retain(segment);
    } finally {
      lock.unlock();
    }
  }

  List<Long> retainFrom(long from) {
    lock.lock();
    try {
      var numbers = new ArrayList<Long>();
      for (long number : numbers()) {
        if (number >= from && number < current) {
          holds.retain(number);
          numbers.add(number);
        }
      }
      return numbers;
    } finally {
      lock.unlock();
    }
  }

  void unretain(long segment) {
    lock.lock();
    try {
      holds.unretain(segment);
      releaseFinished();
    } finally {
      lock.unlock();
    }
  }

  // ---- history

  void beginHistory(long segment) {
    lock.lock();
    try {
      keptFrom = segment;
    } finally {
      lock.unlock();
    }
  }

  long historyFrom(long segment) {
    lock.lock();
    try {
      long from = Math.max(segment, keptFrom);
      int count = 0;
      long bytes = 0;
      for (Ended kept : historyBelow(segment).reversed()) {
        count++;
        bytes += kept.bytes();
        if (!retention.allows(count, bytes)) {
          break;
        }
        from = kept.number();
      }
      return from;
    } finally {
      lock.unlock();
    }
  }

  /// What is history and ended, oldest first, safe by now or not.
  @GuardedBy("lock")
  private List<Ended> historyBelow(long segment) {
    List<Ended> segments = endedHistory();
    for (LogSegment ended : active) {
      if (ended.number() >= keptFrom) {
        segments.add(new Ended(ended.number(), ended.bytes(), false));
      }
    }
    segments.removeIf(ended -> ended.number() >= segment);
    return segments;
  }

  /// What is history and finished, oldest first.
  @GuardedBy("lock")
  private List<Ended> endedHistory() {
    var segments = new ArrayList<>(inherited);
    for (LogSegment segment : finished) {
      segments.add(new Ended(segment.number(), segment.bytes(), false));
    }
    long from = keptFrom;
    segments.removeIf(segment -> segment.isEmpty() || segment.number() < from);
    return segments;
  }

  List<HistorySegment> history() {
    lock.lock();
    try {
      var segments = new ArrayList<HistorySegment>();
      for (Ended segment : inherited) {
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

  boolean beginRead(long segment) {
    lock.lock();
    try {
      if (segment < keptFrom || !numbers().contains(segment)) {
        return false;
      }
      holds.name(segment);
      return true;
    } finally {
      lock.unlock();
    }
  }

  void yieldHistory() {
    lock.lock();
    try {
      List<Ended> segments = endedHistory();
      if (segments.isEmpty() || segments.getFirst().number() >= releasedBelow) {
        return;
      }
      long next = segments.size() > 1 ? segments.get(1).number() : releasedBelow;
      long from = Math.min(next, releasedBelow);
      if (!holds.isAnyRetainedBelow(from)) { // R2: no hole
        keptFrom = from;
        releaseFinished();
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- state

  List<Long> numbers() {
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

  long liveBytes() {
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

  Kept kept() {
    lock.lock();
    try {
      int segments = 0;
      long bytes = 0;
      for (Ended segment : endedHistory()) {
        if (segment.number() < releasedBelow) {
          segments++;
          bytes += segment.bytes();
        }
      }
      return new Kept(segments, bytes);
    } finally {
      lock.unlock();
    }
  }

  /// Closes the files. Nobody writes or syncs any more.
  void close() {
    lock.lock();
    try {
      active.forEach(LogSegment::close);
      active.clear();
      finished.clear();
    } finally {
      lock.unlock();
    }
  }
}
