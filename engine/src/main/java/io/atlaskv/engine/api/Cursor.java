package io.atlaskv.engine.api;

import java.lang.foreign.MemorySegment;

/// A position in an ordered range, as of the moment it was opened. Not thread-safe.
///
/// For a reversed query `next` goes to the next smaller key. [#key] and [#value] may only be asked
/// while [#isValid].
public interface Cursor extends AutoCloseable {

  /// Whether the cursor stands on an entry.
  boolean isValid();

  /// One entry on, in the query's direction.
  void next();

  /// One entry back, against the query's direction. Does not count towards the limit.
  void prev();

  /// To the first entry of the query.
  void seekToFirst();

  /// To the last entry of the query's range, whatever its limit.
  void seekToLast();

  /// To the first entry at or after `key` in the query's direction.
  void seek(byte[] key);

  /// A copy of the key.
  byte[] key();

  /// A copy of the value.
  byte[] value();

  /// Copies the key's first bytes into `target`; returns the key's length.
  int key(byte[] target);

  /// Copies the value's first bytes into `target`; returns the value's length.
  long value(MemorySegment target);

  /// The key, decoded.
  ///
  /// @throws IllegalArgumentException if it is not of this codec
  <T> T key(Codec<T> codec);

  /// The value, decoded where it lies, without a copy.
  ///
  /// @throws IllegalArgumentException if it is not of this codec
  <T> T value(Codec<T> codec);

  /// Length of the value in bytes.
  int valueLength();

  /// Releases the cursor. A second call does nothing; other methods throw [ClosedException] then.
  @Override
  void close();
}
