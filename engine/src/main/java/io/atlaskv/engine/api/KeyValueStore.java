package io.atlaskv.engine.api;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// One namespace: an ordered map from bytes to bytes.
///
/// A write without a durability uses [Options#durability()].
public interface KeyValueStore extends KeyValueReader {
  /// Longest key, in bytes.
  int KEY_BYTES_MAX = 64 * 1024;

  /// The namespace's name.
  String name();

  /// Sets the value of a key.
  ///
  /// @throws IllegalArgumentException when key or value is longer than the store's limits
  /// @throws ReadOnlyException after a failed write or sync, or when the disk is full
  void put(byte[] key, byte[] value);

  /// Sets the value of a key; this write is at least as durable as `durability` says.
  void put(byte[] key, byte[] value, Durability durability);

  /// Sets the value of a key: the remaining bytes of both buffers, whose positions do not move.
  void put(ByteBuffer key, ByteBuffer value);

  /// Sets the value of a key: all bytes of both segments.
  void put(MemorySegment key, MemorySegment value);

  /// Deletes a key; a key that does not exist is no error.
  void delete(byte[] key);

  /// Deletes all keys of a range in one record, whatever their number.
  void deleteRange(Range range);

  /// Deletes all keys of this namespace in one record.
  void clear();

  /// Writes all operations of a batch or none.
  void write(WriteBatch batch);

  /// Writes all operations of a batch or none; this write is at least as durable as `durability`
  /// says.
  void write(WriteBatch batch, Durability durability);
}
