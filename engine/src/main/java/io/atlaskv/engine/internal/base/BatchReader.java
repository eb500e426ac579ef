package io.atlaskv.engine.internal.base;

import io.atlaskv.engine.api.CorruptionException;
import java.lang.foreign.MemorySegment;

/// Cursor over the operations of a batch; reusable. Every length is checked before it is used, so
/// any bytes at all may be read: what is no batch ends in a `CorruptionException`.
///
/// ```java
/// reader.reset(batch, 0, length);
/// while (reader.next()) {
///   switch (reader.kind()) { ... reader.keyOffset(), reader.keyLength() ... }
/// }
/// ```
public final class BatchReader {
  private static final String NO_FILE = "batch";
  private static final int KINDS_MASK = 0xff;

  private MemorySegment segment = MemorySegment.NULL;
  private String source = NO_FILE;
  private long sourceOffset;
  private long start;
  private long end;
  private long at;
  private int operationsLeft;
  private byte kind;
  private long keyOffset;
  private int keyLength;
  private long valueOffset;
  private int valueLength;
  private int namespace;
  private int counter;
  private long delta;

  /// Begins a batch of `length` bytes at the start of `batch`, which is in no file.
  public void reset(MemorySegment batch, long length) {
    reset(NO_FILE, 0, batch, 0, length);
  }

  /// Begins a batch of `length` bytes at `offset`, which is in no file.
  public void reset(MemorySegment batch, long offset, long length) {
    reset(NO_FILE, 0, batch, offset, length);
  }

  /// Begins the batch of `length` bytes at `offset`.
  ///
  /// @param file where it was read, for messages
  /// @param fileOffset its offset there
  public void reset(String file, long fileOffset, MemorySegment batch, long offset, long length) {
    segment = batch;
    source = file;
    sourceOffset = fileOffset;
    start = offset;
    end = offset + length;
    at = offset;
    if (WriteBatchFormat.bytesAt(batch, offset, end) != length) {
      throw corrupt("batch does not fill its " + length + " bytes");
    }
    operationsLeft = WriteBatchFormat.operationsAt(batch, offset);
    at = offset + WriteBatchFormat.HEADER_BYTES;
  }

  /// Compares the batch with its checksum.
  public void verifyChecksum() {
    int expected = segment.get(Layouts.LE_INT, start + WriteBatchFormat.CRC_OFFSET);
    long from = start + WriteBatchFormat.LENGTH_OFFSET;
    int found = Checksum.crc32c(segment, from, end - from);
    if (expected != found) {
      throw CorruptionException.checksum(source, sourceOffset, expected, found);
    }
  }

  /// Moves to the next operation; false after the last one.
  public boolean next() {
    if (at == end) {
      if (operationsLeft != 0) {
        throw corrupt("batch ends " + operationsLeft + " operations early");
      }
      return false;
    }
    kind = segment.get(Layouts.BYTE, at);
    switch (kind) {
      case ValueKind.PUT, ValueKind.RANGE_DELETE -> {
        readKey();
        readValue();
        operationsLeft--;
      }
      case ValueKind.DELETE -> {
        readKey();
        valueOffset = at;
        valueLength = 0;
        operationsLeft--;
      }
      case ValueKind.COUNTER -> readCounter();
      case ValueKind.PUT_EXPIRING -> {
        readKey();
        readValue();
        if (valueLength < ExpiringValue.HEADER_BYTES
            || ExpiringValue.expiresAt(segment, valueOffset) < 0) {
          throw corrupt("malformed expiry");
        }
        operationsLeft--;
      }
      default -> throw corrupt("operation of unknown kind " + (kind & KINDS_MASK));
    }
    return true;
  }

  private void readKey() {
    long read = Varint.readInt(segment, at + Byte.BYTES, end);
    int length = Varint.value(read);
    if (read == Varint.MALFORMED || length > InternalKey.USER_KEY_BYTES_MAX) {
      throw corrupt("malformed key length");
    }
    long offset = at + Byte.BYTES + Varint.sizeOfRead(read);
    if (length > end - offset) {
      throw corrupt("key of " + length + " bytes runs over the batch");
    }
    keyOffset = offset;
    keyLength = length;
    at = offset + length;
  }

  private void readValue() {
    long read = Varint.readInt(segment, at, end);
    if (read == Varint.MALFORMED) {
      throw corrupt("malformed value length");
    }
    int length = Varint.value(read);
    long offset = at + Varint.sizeOfRead(read);
    if (length > end - offset) {
      throw corrupt("value of " + length + " bytes runs over the batch");
    }
    valueOffset = offset;
    valueLength = length;
    at = offset + length;
  }

  private void readCounter() {
    long deltaOffset = at + Byte.BYTES + WriteBatchFormat.COUNTER_PREFIX_BYTES;
    int deltaBytes = deltaOffset < end ? Varint.sizeAt(segment, deltaOffset, end) : 0;
    if (deltaBytes == 0) {
      throw corrupt("malformed counter");
    }
    namespace = segment.get(Layouts.BE_INT, at + Byte.BYTES);
    counter = segment.get(Layouts.BYTE, deltaOffset - Byte.BYTES) & KINDS_MASK;
    delta = Varint.unzigzag(Varint.readLong(segment, deltaOffset, deltaBytes));
    at = deltaOffset + deltaBytes;
  }

  /// Operations of the batch that take a sequence, whatever the cursor's position.
  public int operations() {
    return WriteBatchFormat.operationsAt(segment, start);
  }

  /// The bytes that offsets refer to.
  public MemorySegment segment() {
    return segment;
  }

  /// Kind of the current operation, a `ValueKind`.
  public byte kind() {
    return kind;
  }

  /// Key, or start of the range; not of counters.
  public long keyOffset() {
    return keyOffset;
  }

  public int keyLength() {
    return keyLength;
  }

  /// Value, or end of the range; not of counters.
  public long valueOffset() {
    return valueOffset;
  }

  public int valueLength() {
    return valueLength;
  }

  /// Namespace of a counter.
  public int counterNamespace() {
    return namespace;
  }

  /// Number of a counter in its namespace.
  public int counterId() {
    return counter;
  }

  /// What to add to a counter.
  public long counterDelta() {
    return delta;
  }

  private CorruptionException corrupt(String detail) {
    return new CorruptionException(source, sourceOffset + (at - start), detail);
  }
}
