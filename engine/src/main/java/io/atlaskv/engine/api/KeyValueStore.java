package io.atlaskv.engine.api;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/// One namespace: an ordered map from bytes to bytes.
///
/// A write without a durability uses [Options#durability()].
public interface KeyValueStore extends KeyValueReader {
  /// Longest key, in bytes.
  int KEY_BYTES_MAX = 64 * 1024;

  /// The namespace's name.
  String name();

  /// What this namespace was last given by [Db#namespace(String, NamespaceOptions)].
  NamespaceOptions options();

  /// Sets the value of a key.
  ///
  /// @throws IllegalArgumentException when key or value is longer than the store's limits
  /// @throws ReadOnlyException after a failed write or sync, or when the disk is full
  void put(byte[] key, byte[] value);

  /// Sets the value of a key; this write is at least as durable as `durability` says.
  void put(byte[] key, byte[] value, Durability durability);

  /// Sets the value of a key, which nobody sees any more once it has expired.
  ///
  /// Another write of the key sets its value without that expiry: `put` one that does not expire,
  /// `update` likewise, unless it leaves the value as it is.
  void put(byte[] key, byte[] value, Expiry expiry);

  /// Sets the value of a key: the remaining bytes of both buffers, whose positions do not move.
  void put(ByteBuffer key, ByteBuffer value);

  /// Sets the value of a key: all bytes of both segments.
  void put(MemorySegment key, MemorySegment value);

  /// Deletes a key; a key that does not exist is no error.
  void delete(byte[] key);

  /// Deletes a key; this write is at least as durable as `durability` says.
  void delete(byte[] key, Durability durability);

  /// Deletes all keys of a range in one record, whatever their number.
  void deleteRange(Range range);

  /// Deletes all keys of this namespace in one record.
  void clear();

  /// About how much space a range of this namespace takes in tables, and how many entries it has
  /// there. Read from indexes that are in memory, never from files: some microseconds for each
  /// table of the store, however large the range.
  ApproximateSize approximateSize(Range range);

  /// Merges the tables that may have keys of a range of this namespace into the lowest level, so
  /// that what is deleted or overwritten there gives its space back; returns when it is done.
  /// Memtables are written to tables first. Tables that go beyond the range are merged whole; where
  /// windows of time are ([CompactionStyle.TimeWindowed]), each is merged into one table.
  ///
  /// @throws ReadOnlyException if the store takes no writes
  void compact(Range range);

  /// Writes all operations of a batch or none.
  void write(WriteBatch batch);

  /// Writes all operations of a batch or none; this write is at least as durable as `durability`
  /// says.
  void write(WriteBatch batch, Durability durability);

  /// Makes a new value of an old one; null is no value.
  interface Change {
    /// May be called more than once, each time with what is there by then, and must not write to
    /// the store itself, nor change the array it is given. If it returns equal bytes, nothing is
    /// written.
    byte @Nullable [] of(byte @Nullable [] old);
  }

  /// Replaces the value of a key by what `change` makes of it: one step against every other write
  /// of the store, whatever door it comes through. Never waits for other writers: if one comes
  /// between, `change` is called again.
  ///
  /// @return the value that is there now, or null
  byte @Nullable [] update(byte[] key, Change change);

  /// This namespace as a map, of which there may be any number; each call goes to the store.
  ///
  /// - Each method for one key is one step against every other write of the store, through other
  ///   maps and without any: `put`, `remove`, `putIfAbsent`, `replace`, `compute...`, `merge`,
  ///   `poll...`. Functions given to it may be called more than once. `put` and `remove` answer
  ///   with the old value, so they read it; [#put(byte[], byte[])] does not.
  /// - Methods for many keys are not one step, but for `clear`: `putAll` writes batches of 1,000,
  ///   each of which is, `replaceAll` goes from key to key.
  /// - Iterators are weakly consistent, hold no resources and need not be closed. `size` counts: it
  ///   is O(n).
  /// - Neither keys nor values are null. All keys of the namespace must be of the codec; what it
  ///   cannot decode throws [IllegalArgumentException].
  <K, V> ConcurrentNavigableMap<K, V> asMap(OrderedCodec<K> keys, Codec<V> values);

  /// Begins to load sorted entries into this namespace without log and memtable.
  ///
  /// @throws UnsupportedOperationException if the namespace has a quota
  BulkLoad bulkLoad();

  /// This namespace for callers that must not wait.
  AsyncStore async();
}
