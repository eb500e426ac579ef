package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ByteReader;
import java.lang.foreign.MemorySegment;

/// Entries of a range, with full keys, on one of which it may stand. What is asked of an entry may
/// only be asked while [#isValid].
public interface PositionedEntries {
  /// Whether it stands on an entry.
  boolean isValid();

  /// To the first entry of the range.
  void seekToFirst();

  /// To the last entry of the range.
  void seekToLast();

  /// To the first entry at the key or after it.
  void seekAtOrAfter(byte[] key);

  /// To the last entry at the key or before it.
  void seekAtOrBefore(byte[] key);

  /// To the next entry.
  void next();

  /// To the entry before.
  void prev();

  /// Array whose first `keyLength` bytes are the full key; good until the next move.
  byte[] keyBuffer();

  /// Bytes of the full key.
  int keyLength();

  /// Bytes of the value.
  int valueLength();

  /// A copy of the value.
  byte[] copyValue();

  /// Copies the value's first bytes into `target`; returns the value's length.
  long copyValue(MemorySegment target);

  /// Reads the value where it lies; good until the next move.
  ByteReader readValue();
}
