package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.BatchReader;
import java.lang.foreign.MemorySegment;

/// Changes that become visible and durable together. Reused; belongs to the store that made it. Its
/// memory is native: whoever no longer wants it closes it.
public interface Batch extends AutoCloseable {
  /// Adds a put whose value of `valueLength` bytes the caller writes into `segment` at the returned
  /// offset, before the next change.
  int put(byte[] key, int offset, int length, int valueLength);

  /// As `put`, for the few short keys that a start writes; see `BatchBuilder.putShortReserving`.
  default int putShort(byte[] key, int valueLength) {
    return put(key, 0, key.length, valueLength);
  }

  /// Memory of the batch; replaced when it grows.
  MemorySegment segment();

  void delete(byte[] key, int offset, int length);

  /// Deletes every row of `[start, end)`.
  void deleteRange(byte[] start, byte[] end);

  /// Adds to a counter.
  void count(int namespace, int counterId, long delta);

  /// Where the key of the last put or delete lies in `segment`.
  int keyOffset();

  /// Puts `reader` in front of the first change.
  void read(BatchReader reader);

  /// From now until `clear`, memory that growth replaces stays readable: what a caller was told to
  /// be in `segment` is still there.
  void keepMemory();

  boolean isEmpty();

  /// Bytes of all changes.
  int length();

  void clear();

  /// Frees the memory. The batch must not be used afterwards.
  @Override
  void close();
}
