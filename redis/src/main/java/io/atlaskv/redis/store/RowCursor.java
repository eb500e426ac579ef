package io.atlaskv.redis.store;

import java.lang.foreign.MemorySegment;

/// Walks rows of a range in both directions. Every move answers `Reader.FOUND`, `Reader.ABSENT`
/// (past the end) or `Reader.NEEDS_BLOCKS` (then the position is undefined).
public interface RowCursor extends AutoCloseable {
  /// To the first row.
  int first();

  /// To the last row.
  int last();

  /// To the first row at or after `key`.
  int seek(byte[] key, int offset, int length);

  /// To the last row at or before `key`.
  int seekForPrev(byte[] key, int offset, int length);

  int next();

  int prev();

  /// The row's key in the first `keyLength` bytes; valid until the next move.
  byte[] key();

  int keyLength();

  /// Memory that holds the row's value; valid until the next move.
  MemorySegment valueSegment();

  long valueOffset();

  int valueLength();

  @Override
  void close();
}
