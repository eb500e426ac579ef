package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.db.NamespaceKey;
import java.lang.foreign.MemorySegment;

/// What one blocking write needs, reused: a batch, and room for a full key.
final class PointWriter implements AutoCloseable {
  private static final int KEY_BYTES = 256;
  private static final int KEPT_BYTES = 1 << 20;

  final BatchBuilder batch = new BatchBuilder();
  private byte[] key = new byte[KEY_BYTES];

  void put(
      int namespace,
      byte[] keySource,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    int length = key(namespace, keySource, keyOffset, keyLength);
    batch.put(key, 0, length, value, valueOffset, valueLength);
  }

  void putExpiring(
      int namespace,
      byte[] keySource,
      int keyOffset,
      int keyLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      long expiresAtMillis) {
    int length = key(namespace, keySource, keyOffset, keyLength);
    batch.putExpiring(key, 0, length, value, valueOffset, valueLength, expiresAtMillis);
  }

  void put(int namespace, MemorySegment keySource, MemorySegment value) {
    EmbeddedReader.requireKey(keySource.byteSize());
    int keyLength = (int) keySource.byteSize();
    int valueLength = Math.toIntExact(value.byteSize());
    int length = room(namespace, keyLength);
    MemorySegment.copy(keySource, Layouts.BYTE, 0, key, NamespaceKey.ID_BYTES, keyLength);
    int at = batch.putReserving(key, 0, length, valueLength);
    MemorySegment.copy(value, 0, batch.segment(), at, valueLength);
  }

  void delete(int namespace, byte[] keySource, int keyOffset, int keyLength) {
    int length = key(namespace, keySource, keyOffset, keyLength);
    batch.delete(key, 0, length);
  }

  void deleteRange(int namespace, Range range) {
    if (!range.isEmpty()) {
      byte[] start = NamespaceKey.lower(namespace, range);
      byte[] end = NamespaceKey.upper(namespace, range);
      batch.deleteRange(start, 0, start.length, end, 0, end.length);
    }
  }

  private int key(int namespace, byte[] source, int offset, int length) {
    EmbeddedReader.requireKey(length);
    int fullLength = room(namespace, length);
    System.arraycopy(source, offset, key, NamespaceKey.ID_BYTES, length);
    return fullLength;
  }

  private int room(int namespace, int length) {
    int fullLength = NamespaceKey.ID_BYTES + length;
    if (fullLength > key.length) {
      key = new byte[Math.min(2 * fullLength, NamespaceKey.ID_BYTES + KeyValueStore.KEY_BYTES_MAX)];
    }
    ByteArrays.putBeInt(key, 0, namespace);
    return fullLength;
  }

  /// Makes it ready for the next write.
  void clear() {
    if (batch.length() > KEPT_BYTES) {
      batch.clearAndShrink(KEPT_BYTES);
    } else {
      batch.clear();
    }
  }

  @Override
  public void close() {
    batch.close();
  }
}
