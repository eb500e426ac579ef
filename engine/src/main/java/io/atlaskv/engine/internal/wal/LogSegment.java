package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.PositionedFile;
import java.nio.ByteBuffer;

/// A segment of the log of this run: prepared, then filled, then finished.
///
/// Invariants:
/// - G1: `hasUnsynced` is set after a write and before the write is told to anyone; it is cleared
///   before a sync, by the syncing thread only. So false means: all writes told of are safe.
/// - G2: `isFinished` is set after the last write and after its G1.
final class LogSegment {
  private final long number;
  private final long bytes;
  private final PositionedFile file;
  private long firstSequence; // guarded by the lock of `Wal`
  private long end = LogGroupFormat.FIRST_OFFSET; // guarded by the lock of `Wal`
  private boolean hasBatches; // guarded by the lock of `Wal`
  private volatile boolean hasUnsynced;
  private volatile boolean isFinished;

  LogSegment(long number, long bytes, PositionedFile file) {
    this.number = number;
    this.bytes = bytes;
    this.file = file;
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
  }

  /// True if nothing will be written any more and all is safe.
  boolean isSafe() {
    return isFinished && !hasUnsynced;
  }

  void close() {
    file.close();
  }
}
