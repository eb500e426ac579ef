package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// Builds a batch in its final bytes, in native memory. Made once, cleared and reused; no operation
/// makes garbage. One thread at a time uses it.
public final class BatchBuilder implements AutoCloseable {
  private static final int INITIAL_BYTES = 4 << 10;

  private final NativeBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private int operations;
  private int keyAt;
  private boolean hasExpiring;

  /// A builder whose batch may become as large as any.
  public BatchBuilder() {
    this(INITIAL_BYTES, WriteBatchFormat.BATCH_BYTES_MAX);
  }

  /// @param initialBytes memory to begin with
  /// @param limitBytes largest batch it will build, header included
  public BatchBuilder(int initialBytes, int limitBytes) {
    if (initialBytes < WriteBatchFormat.HEADER_BYTES
        || limitBytes > WriteBatchFormat.BATCH_BYTES_MAX) {
      throw new IllegalArgumentException(
          "initialBytes=" + initialBytes + " limitBytes=" + limitBytes);
    }
    buffer = new NativeBuffer(initialBytes, limitBytes);
    buffer.reserve(WriteBatchFormat.HEADER_BYTES);
  }

  /// Appends a PUT with a value in native memory.
  public void put(
      byte[] key,
      int keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    int at = putReserving(key, keyOffset, keyLength, valueLength);
    MemorySegment.copy(value, valueOffset, buffer.segment(), at, valueLength);
  }

  /// Appends a PUT with a value on the heap.
  public void put(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    int at = putReserving(key, keyOffset, keyLength, valueLength);
    MemorySegment.copy(value, valueOffset, buffer.segment(), Layouts.BYTE, at, valueLength);
  }

  /// Appends a PUT whose value the caller writes himself; returns where in `segment()`. All
  /// `valueLength` bytes must be written before anything else is appended: what the memory held
  /// before is in them.
  public int putReserving(byte[] key, int keyOffset, int keyLength, int valueLength) {
    int at = keyed(ValueKind.PUT, key, keyOffset, keyLength, lengthAndBytes(valueLength));
    at += Varint.put(buffer.segment(), at, valueLength);
    operations++;
    return at;
  }

  /// Appends a PUT_EXPIRING with a value on the heap.
  ///
  /// @param expiresAtMillis in milliseconds since 1970
  public void putExpiring(
      byte[] key,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      long expiresAtMillis) {
    if (expiresAtMillis < 0) {
      throw new IllegalArgumentException("expiresAtMillis=" + expiresAtMillis);
    }
    int storedLength = Math.addExact(ExpiringValue.HEADER_BYTES, valueLength);
    int at = keyed(ValueKind.PUT_EXPIRING, key, keyOffset, keyLength, lengthAndBytes(storedLength));
    MemorySegment segment = buffer.segment();
    at += Varint.put(segment, at, storedLength);
    ExpiringValue.putTime(segment, at, expiresAtMillis);
    at += ExpiringValue.HEADER_BYTES;
    MemorySegment.copy(value, valueOffset, segment, Layouts.BYTE, at, valueLength);
    operations++;
    hasExpiring = true;
  }

  /// As `putReserving`, with the key copied byte by byte: for the few short ones that an open
  /// writes. The first copy of an array to native memory makes the JDK spin a class, which takes
  /// longer than all that an open writes.
  public int putShortReserving(byte[] key, int valueLength) {
    requireKeyLength(key.length);
    int bytes = Math.addExact(lengthAndBytes(key.length), lengthAndBytes(valueLength));
    int at = buffer.reserve(Math.addExact(Byte.BYTES, bytes));
    MemorySegment segment = buffer.segment();
    segment.set(Layouts.BYTE, at++, ValueKind.PUT);
    at += Varint.put(segment, at, key.length);
    keyAt = at;
    for (byte b : key) {
      segment.set(Layouts.BYTE, at++, b);
    }
    at += Varint.put(segment, at, valueLength);
    operations++;
    return at;
  }

  /// Appends a DELETE.
  public void delete(byte[] key, int keyOffset, int keyLength) {
    keyed(ValueKind.DELETE, key, keyOffset, keyLength, 0);
    operations++;
  }

  /// Appends a RANGE_DELETE of `[start, end)`.
  public void deleteRange(
      byte[] start, int startOffset, int startLength, byte[] end, int endOffset, int endLength) {
    requireKeyLength(endLength);
    int at =
        keyed(ValueKind.RANGE_DELETE, start, startOffset, startLength, lengthAndBytes(endLength));
    MemorySegment segment = buffer.segment();
    at += Varint.put(segment, at, endLength);
    MemorySegment.copy(end, endOffset, segment, Layouts.BYTE, at, endLength);
    operations++;
  }

  /// Appends a COUNTER: adds `delta` to a persistent counter; takes no sequence.
  public void count(int namespace, int counter, long delta) {
    if (counter < 0 || counter > 0xff) {
      throw new IllegalArgumentException("counter=" + counter);
    }
    long zigzag = Varint.zigzag(delta);
    int at =
        buffer.reserve(Byte.BYTES + WriteBatchFormat.COUNTER_PREFIX_BYTES + Varint.size(zigzag));
    MemorySegment segment = buffer.segment();
    segment.set(Layouts.BYTE, at++, ValueKind.COUNTER);
    segment.set(Layouts.BE_INT, at, namespace);
    at += Integer.BYTES;
    segment.set(Layouts.BYTE, at++, (byte) counter);
    Varint.put(segment, at, zigzag);
  }

  /// Appends all operations of another batch.
  public void append(BatchBuilder other) {
    keyAt = other.keyAt + buffer.length() - WriteBatchFormat.HEADER_BYTES;
    buffer.put(
        other.buffer.segment(),
        WriteBatchFormat.HEADER_BYTES,
        other.buffer.length() - WriteBatchFormat.HEADER_BYTES);
    operations += other.operations;
    hasExpiring |= other.hasExpiring;
  }

  /// Writes the header and returns `segment()`, which from here on holds a valid batch of
  /// `length()` bytes, until the next operation is appended.
  public MemorySegment finish() {
    int length = buffer.length();
    buffer.patchInt(WriteBatchFormat.LENGTH_OFFSET, length - WriteBatchFormat.HEADER_BYTES);
    buffer.patchInt(WriteBatchFormat.OPERATIONS_OFFSET, operations);
    crc.reset();
    crc.update(buffer.view(WriteBatchFormat.LENGTH_OFFSET, length));
    buffer.patchInt(WriteBatchFormat.CRC_OFFSET, (int) crc.getValue());
    return buffer.segment();
  }

  /// The batch's memory; replaced when it grows.
  public MemorySegment segment() {
    return buffer.segment();
  }

  /// Bytes of the batch so far, header included.
  public int length() {
    return buffer.length();
  }

  /// Where the key, or the start of the range, of the last operation lies in `segment()`; counters
  /// have none.
  public int keyOffset() {
    return keyAt;
  }

  /// From now on, until `freeReplaced`, memory that growth replaces stays readable.
  public void keepReplaced() {
    buffer.keepReplaced();
  }

  /// Ends `keepReplaced`; does nothing without it.
  public void freeReplaced() {
    buffer.freeReplaced();
  }

  /// Operations so far that take a sequence.
  public int operations() {
    return operations;
  }

  /// Whether there is a PUT_EXPIRING in it.
  public boolean hasExpiring() {
    return hasExpiring;
  }

  /// True if there is nothing in it, not even a counter.
  public boolean isEmpty() {
    return buffer.length() == WriteBatchFormat.HEADER_BYTES;
  }

  /// Bytes of memory held.
  public int capacity() {
    return buffer.capacity();
  }

  /// Gives memory back that there is nothing in.
  public void trim() {
    buffer.shrinkTo(buffer.length());
  }

  /// Forgets all operations, keeps the memory.
  public void clear() {
    buffer.truncate(WriteBatchFormat.HEADER_BYTES);
    operations = 0;
    hasExpiring = false;
  }

  /// Forgets all operations and gives memory beyond `bytes` back.
  public void clearAndShrink(int bytes) {
    clear();
    buffer.shrinkTo(Math.max(bytes, WriteBatchFormat.HEADER_BYTES));
  }

  /// Frees the memory; closing again does nothing.
  @Override
  public void close() {
    buffer.close();
  }

  /// Appends kind and key and makes room for `bytes` more, which start where the answer says.
  private int keyed(byte kind, byte[] key, int keyOffset, int keyLength, int bytes) {
    requireKeyLength(keyLength);
    int at = buffer.reserve(Math.addExact(Byte.BYTES + lengthAndBytes(keyLength), bytes));
    MemorySegment segment = buffer.segment();
    segment.set(Layouts.BYTE, at++, kind);
    at += Varint.put(segment, at, keyLength);
    MemorySegment.copy(key, keyOffset, segment, Layouts.BYTE, at, keyLength);
    keyAt = at;
    return at + keyLength;
  }

  private static int lengthAndBytes(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("length=" + length);
    }
    return Math.addExact(Varint.size(length), length);
  }

  private static void requireKeyLength(int length) {
    if (length > InternalKey.USER_KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "key of " + length + " bytes, largest is " + InternalKey.USER_KEY_BYTES_MAX);
    }
  }
}
