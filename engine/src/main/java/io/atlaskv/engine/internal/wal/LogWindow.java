package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.ReadFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Memory with a stretch of a log segment, and which of its groups were found intact. Goes from the
/// reader to the replay and back, see `ReplayWindows`; offsets are those in the file.
final class LogWindow {
  private final NativeBuffer buffer = new NativeBuffer(0, NativeBuffer.LIMIT_MAX);
  private ByteBuffer fields = buffer.view();
  private long segment;
  private long start;
  private int bytes;
  private long intactFrom;
  private long intactTo; // = intactFrom if there are none
  private long neededThrough;
  private volatile boolean isReplayed;

  /// Reads as much of `[offset, offset + wanted)` as there is.
  void fill(long number, ReadFile file, long offset, int wanted) {
    buffer.clear();
    buffer.ensureRoom(wanted);
    segment = number;
    start = offset;
    bytes = file.read(offset, buffer.view(0, wanted));
    fields = buffer.segment().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    intactFrom = offset;
    intactTo = offset;
    neededThrough = 0;
    isReplayed = false;
  }

  /// Forgets what is there; memory beyond `bytesMax` is given back.
  void clear(int bytesMax) {
    bytes = 0;
    intactTo = intactFrom;
    buffer.shrinkTo(bytesMax);
  }

  /// True if it has all of `[offset, offset + length)`.
  boolean holds(long offset, int length) {
    return offset >= start && offset + length <= start + bytes;
  }

  /// Number of the segment.
  long number() {
    return segment;
  }

  String name() {
    return FileName.log(segment);
  }

  long start() {
    return start;
  }

  long end() {
    return start + bytes;
  }

  int bytes() {
    return bytes;
  }

  /// The bytes; the first is that at `start()`.
  MemorySegment memory() {
    return buffer.segment();
  }

  int intAt(long offset) {
    return fields.getInt((int) (offset - start));
  }

  long longAt(long offset) {
    return fields.getLong((int) (offset - start));
  }

  /// Part of the bytes, for the thread that reads; valid until the next call.
  ByteBuffer view(long from, long to) {
    return buffer.view((int) (from - start), (int) (to - start));
  }

  /// CRC32C of part of the bytes, for the thread that reads.
  int checksum(long from, long to) {
    return Checksum.crc32c(buffer.view(0, bytes), (int) (from - start), (int) (to - from));
  }

  /// Notes that the group at `from` is intact and to be replayed.
  ///
  /// @param sequence must be safe for the group to be so
  void addIntact(long from, long to, long sequence) {
    if (!hasIntact()) {
      intactFrom = from;
    }
    intactTo = to;
    neededThrough = Math.max(neededThrough, sequence);
  }

  boolean hasIntact() {
    return intactTo > intactFrom;
  }

  /// Where intact groups begin; they follow each other up to `intactTo()`.
  long intactFrom() {
    return intactFrom;
  }

  long intactTo() {
    return intactTo;
  }

  /// All groups are known to be safe if this sequence is.
  long neededThrough() {
    return neededThrough;
  }

  /// Says that nobody reads the groups any more.
  void replayed() {
    isReplayed = true;
  }

  boolean isReplayed() {
    return isReplayed;
  }

  void close() {
    buffer.close();
  }
}
