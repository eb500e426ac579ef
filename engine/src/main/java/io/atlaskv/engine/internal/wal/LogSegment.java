package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.PositionedFile;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A segment of the log of this run: prepared, then filled, then finished.
///
/// ```
/// 0          end        allocated                 bytes
/// | groups    | zeroes   | a hole, read as zeroes |
/// ```
///
/// Whoever syncs often gets segments without a hole, because a sync of blocks that are there is
/// twice as fast. Others get blocks shortly before they are filled: zeroes that are overwritten
/// before they reach the disk are not written twice.
///
/// Invariants:
/// - G1: `hasUnsynced` is set after a write and before the write is told to anyone; it is cleared
///   before a sync, by the syncing thread only. So false means: all writes told of are safe.
/// - G2: `isFinished` is set after the last write and after its G1.
/// - G3: groups lie below `allocated`, but for the few bytes of a mark or seal: a disk that is full
///   is met by the task that allocates, and not by a write.
final class LogSegment {
  private final long number;
  private final long bytes;
  private final PositionedFile file;
  private long firstSequence; // guarded by the lock of the log
  private volatile long allocated; // changed by the task of `SegmentSupply`
  private volatile long wanted; // changed by the appender
  private long end = LogGroupFormat.FIRST_OFFSET; // guarded by the lock of the log
  private boolean hasBatches; // guarded by the lock of the log
  private volatile boolean hasUnsynced;
  private volatile boolean isFinished;
  private final AtomicInteger syncs = new AtomicInteger();

  /// @param allocated where its hole begins; `bytes` if it has none
  LogSegment(long number, long bytes, long allocated, PositionedFile file) {
    this.number = number;
    this.bytes = bytes;
    this.allocated = allocated;
    this.file = file;
    wanted = allocated;
  }

  long number() {
    return number;
  }

  String name() {
    return FileName.log(number);
  }

  /// Size of the file.
  long bytes() {
    return bytes;
  }

  /// First sequence that may be in it, once it is the current one.
  long firstSequence() {
    return firstSequence;
  }

  void beginAt(long sequence) {
    firstSequence = sequence;
  }

  /// Where the hole begins.
  long allocated() {
    return allocated;
  }

  /// True if blocks are there for groups up to `offset`, or for all of the file.
  boolean isAllocatedTo(long offset) {
    long ready = allocated;
    return offset <= ready || ready == bytes;
  }

  /// Notes that blocks up to `offset` will be needed; false if some are on their way already. For
  /// the appender.
  boolean want(long offset) {
    if (allocated < wanted) {
      return false;
    }
    wanted = Math.min(offset, bytes);
    return true;
  }

  /// True if there is less than was wanted.
  boolean isShort() {
    return allocated < wanted;
  }

  /// Allocates at most `step` bytes of what is wanted.
  void allocate(long step) {
    long from = allocated;
    long to = Math.min(wanted, from + step);
    file.zero(from, to);
    allocated = to;
  }

  /// True if it was synced at least once in so many bytes. Under the lock of the log.
  boolean isSyncedEvery(long spacing) {
    return syncs.get() * spacing > end;
  }

  /// Where the next group begins.
  long end() {
    return end;
  }

  /// True if batches were put into it, written or not.
  boolean hasBatches() {
    return hasBatches;
  }

  void noteBatches() {
    hasBatches = true;
  }

  void extendTo(long newEnd) {
    end = LogGroupFormat.align(newEnd);
  }

  /// True if groups may reach up to `offset`: there must be room for the last one, which says that
  /// the log goes on in the next segment.
  boolean hasSpaceUpTo(long offset) {
    return offset + LogGroupFormat.HEADER_BYTES <= bytes;
  }

  /// True if a new group of such a payload fits.
  boolean fits(long payloadBytes) {
    return hasSpaceUpTo(end + LogGroupFormat.bytes(payloadBytes));
  }

  void write(LogGroup group, ByteBuffer content) {
    file.write(group.offset(), content);
    hasUnsynced = true;
    if (group.kind() == LogGroupFormat.NEXT) {
      isFinished = true;
    }
  }

  boolean hasUnsynced() {
    return hasUnsynced;
  }

  void sync() {
    hasUnsynced = false;
    file.sync();
    syncs.incrementAndGet();
  }

  /// True if nothing will be written any more and all is safe.
  boolean isSafe() {
    return isFinished && !hasUnsynced;
  }

  void close() {
    file.close();
  }
}
