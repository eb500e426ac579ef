package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A group on its way to the log: filled by appends, finished and written by one writer, reused.
/// Its place in the log is fixed when it is begun.
final class LogGroup {
  private static final int LIMIT_BYTES =
      WriteBatchFormat.BATCH_BYTES_MAX + LogGroupFormat.HEADER_BYTES + LogGroupFormat.ALIGNMENT;

  private final NativeBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private @Nullable LogSegment segment;
  private long offset;
  private int kind;
  private int batches;
  private long firstSequence;
  private long lastSequence;
  private long appendCount;

  LogGroup(int bytes) {
    buffer = new NativeBuffer(bytes, LIMIT_BYTES);
  }

  /// Begins an empty group at the end of `target`.
  void begin(LogSegment target, int groupKind, long sequence, long payloadBytes) {
    buffer.clear();
    buffer.ensureRoom((int) LogGroupFormat.bytes(payloadBytes));
    buffer.reserve(LogGroupFormat.HEADER_BYTES);
    segment = target;
    offset = target.end();
    kind = groupKind;
    batches = 0;
    firstSequence = sequence;
    lastSequence = sequence - 1;
    target.extendTo(offset + LogGroupFormat.HEADER_BYTES);
  }

  /// True if a batch fits into the memory there is, and into the segment.
  boolean hasSpace(long length) {
    long end = LogGroupFormat.align(buffer.length() + length);
    return end <= buffer.capacity() && target().hasSpaceUpTo(offset + end);
  }

  void add(MemorySegment batch, long length, int operations, long count) {
    buffer.put(batch, 0, (int) length);
    batches++;
    lastSequence += operations;
    appendCount = count;
    target().extendTo(offset + buffer.length());
  }

  /// Counts this group as an append of its own.
  void countAs(long count) {
    appendCount = count;
  }

  /// Writes header and padding; the answer is what goes into the segment at `offset()`.
  ByteBuffer finish(long salt, long durableThrough, long timeMillis) {
    int payloadBytes = buffer.length() - LogGroupFormat.HEADER_BYTES;
    while (buffer.length() % LogGroupFormat.ALIGNMENT != 0) {
      buffer.putByte((byte) 0);
    }
    MemorySegment bytes = buffer.segment();
    int seed = LogGroupFormat.seed(salt, target().number(), offset);
    bytes.set(Layouts.LE_INT, LogGroupFormat.LENGTH_OFFSET, payloadBytes);
    bytes.set(Layouts.LE_INT, LogGroupFormat.KIND_OFFSET, LogGroupFormat.kindAndTag(kind, seed));
    bytes.set(Layouts.LE_INT, LogGroupFormat.BATCHES_OFFSET, batches);
    bytes.set(Layouts.LE_LONG, LogGroupFormat.FIRST_SEQUENCE_OFFSET, firstSequence);
    bytes.set(Layouts.LE_LONG, LogGroupFormat.DURABLE_THROUGH_OFFSET, durableThrough);
    bytes.set(Layouts.LE_LONG, LogGroupFormat.TIME_OFFSET, timeMillis);
    crc.reset();
    crc.update(buffer.view(LogGroupFormat.LENGTH_OFFSET, buffer.length()));
    bytes.set(Layouts.LE_INT, LogGroupFormat.CRC_OFFSET, (int) crc.getValue() ^ seed);
    return buffer.view();
  }

  LogSegment target() {
    LogSegment target = segment;
    if (target == null) {
      throw new IllegalStateException("group was not begun");
    }
    return target;
  }

  long offset() {
    return offset;
  }

  int kind() {
    return kind;
  }

  /// Bytes in the file.
  int bytes() {
    return buffer.length();
  }

  long lastSequence() {
    return lastSequence;
  }

  /// Number of the last append in it.
  long appendCount() {
    return appendCount;
  }

  /// Makes it ready for reuse; memory beyond `bytes` is given back.
  void recycle(int bytes) {
    buffer.clear();
    buffer.shrinkTo(bytes);
    segment = null;
  }

  void close() {
    buffer.close();
  }
}
