package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.PositionedFile;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A segment of the log of this run: prepared, then filled, then finished.
///
/// ```
/// 0          end        prepared   blocks                    bytes
/// | groups    | in the    | an old   | a hole, read as zeroes |
/// |           | cache     | segment  |                        |
/// ```
///
/// Whoever syncs often gets segments without a hole, because a sync of blocks that are there is
/// twice as fast. Others get blocks shortly before they are filled: zeroes that are overwritten
/// before they reach the disk are not written twice. Of a segment that is made of an old one the
/// system may have forgotten the pages; to change a part of one it reads it first, up to 40 ms on a
/// disk that has other work. So these are read ahead of the writer.
///
/// Invariants:
/// - G1: `hasUnsynced` is set after a write and before the write is told to anyone; it is cleared
///   before a sync, by the syncing thread only. So false means: all writes told of are safe.
/// - G2: `isFinished` is set after the last write and after its G1.
/// - G3: groups lie below `blocks`, but for the few bytes of a mark or seal: a disk that is full is
///   met by the task that prepares, and not by a write.
final class LogSegment {
  private final long number;
  private final long bytes;
  private final PositionedFile file;
  private long firstSequence; // guarded by the lock of the log
  private volatile long prepared; // changed by the task of `SegmentSupply`
  private volatile long blocks; // changed by the task of `SegmentSupply`
  private volatile long wanted; // changed by the appender
  private long end = LogGroupFormat.FIRST_OFFSET; // guarded by the lock of the log
  private boolean hasBatches; // guarded by the lock of the log
  private volatile boolean hasUnsynced;
  private volatile boolean isFinished;
  private final AtomicInteger syncs = new AtomicInteger();

  /// @param prepared up to where it was written lately
  /// @param blocks where its hole begins; `bytes` if it has none
  LogSegment(long number, long bytes, long prepared, long blocks, PositionedFile file) {
    this.number = number;
    this.bytes = bytes;
    this.prepared = prepared;
    this.blocks = blocks;
    this.file = file;
    wanted = prepared;
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
  long blocks() {
    return blocks;
  }

  /// Up to where it can be written without waiting for the disk.
  long prepared() {
    return prepared;
  }

  /// True if blocks are there for groups up to `offset`, or for all of the file.
  boolean hasBlocksTo(long offset) {
    long ready = blocks;
    return offset <= ready || ready == bytes;
  }

  /// Notes that groups up to `offset` will come; false if that is being prepared already. For the
  /// appender.
  boolean want(long offset) {
    if (prepared < wanted) {
      return false;
    }
    wanted = Math.min(offset, bytes);
    return true;
  }

  /// True if there is less than was wanted.
  boolean isShort() {
    return prepared < wanted;
  }

  /// True if what is to be prepared next has blocks already: a full disk is no reason to wait.
  boolean hasBlocksNext() {
    return prepared < blocks;
  }

  /// Prepares at most `step` bytes of what is wanted: what has blocks is read, the rest gets them.
  void prepare(long step) {
    long from = prepared;
    long to = Math.min(wanted, from + step);
    if (from < blocks) {
      to = Math.min(to, blocks);
      file.warm(from, to);
    } else {
      file.zero(from, to);
      blocks = to;
    }
    prepared = to;
  }

  /// Gives back what writing it used; for nobody who is waited for.
  void tidy() {
    file.tidy();
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
