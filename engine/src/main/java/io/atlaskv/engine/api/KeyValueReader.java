package io.atlaskv.engine.api;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads of one namespace, now or as of a snapshot.
public interface KeyValueReader {

  /// The value of a key, or null when there is none.
  ///
  /// @param key at most [KeyValueStore#KEY_BYTES_MAX] bytes
  byte @Nullable [] get(byte[] key);

  /// The values of several keys, all of one moment: for each key, in the order of the list, its
  /// value, or null when there is none. A key may be there more than once.
  ///
  /// Keys are looked up in ascending order, a few at a time; blocks that these lack and that lie
  /// side by side are read at once. Of the newest data those that are in memory are looked up
  /// together besides, which is cheaper than as many calls of [#get(byte[])]. Snapshots and
  /// transactions look them up one by one; so do all reads of keys of more than 124 bytes, of
  /// namespaces with tables of their own, and of a store in which a deletion of a range has not
  /// been merged away.
  ///
  /// @param keys each at most [KeyValueStore#KEY_BYTES_MAX] bytes; neither the list nor an array
  ///   may change during the call
  /// @return as many values as keys, in a list of its own
  List<byte @Nullable []> getAll(List<byte[]> keys);

  /// Copies the value of a key into `target`.
  ///
  /// @return the value's length in bytes, even when it is more than `target` holds (then the first
  ///   bytes are copied); −1 when there is none
  long get(byte[] key, MemorySegment target);

  /// The value of a key, or null when there is none. It is decoded where it lies, without a copy.
  ///
  /// @throws IllegalArgumentException if the value is not of this codec
  <T> @Nullable T get(byte[] key, Codec<T> codec);

  /// Whether the key has a value.
  boolean contains(byte[] key);

  /// When the value of a key expires; null when it does not, or there is none.
  @Nullable Instant expiryOf(byte[] key);

  /// Looks a key up as `get` does and says what was asked for it, memtables, tables, filters and
  /// blocks, and how long each took. Blocks that it reads go into the cache, as with `get`.
  Explanation explain(byte[] key);

  /// Entries of a range, in key order: `range(Range.prefix("user:")).reverse().limit(100).open()`.
  RangeQuery range(Range range);
}
