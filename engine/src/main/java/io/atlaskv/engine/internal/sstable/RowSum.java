package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Checksum of one row of a data block: 4 bytes over key, sequence, kind and value, all as they are
/// stored. The key comes in as the hash that filter and tags are made of, which a point read and
/// the writer have anyway. Part of the file format.
///
/// Finds what the checksum of a block cannot, as that is compared only when the block is read from
/// the file: bits that flip in a cached block, or in one that is being built. Any damage goes
/// unseen in one of 2^32 cases.
final class RowSum {
  static final int BYTES = Integer.BYTES;

  private static final long TRAILER_FACTOR = 0x9E3779B97F4A7C15L;

  private RowSum() {}

  /// The sum of a row.
  ///
  /// @param keyHash of the key, `TableReader.hash`
  static int of(long keyHash, long trailer, MemorySegment value, long offset, int length) {
    long hash = Hash64.hash(keyHash ^ (trailer * TRAILER_FACTOR), value, offset, length);
    return (int) (hash >>> Integer.SIZE);
  }

  /// The sum stored of an entry.
  ///
  /// @param keysAt where the keys of the block begin; the sums end there
  static int stored(MemorySegment segment, long keysAt, int count, int ordinal) {
    return segment.get(Layouts.LE_INT, keysAt - (long) (count - ordinal) * BYTES);
  }

  /// What is wrong, for people.
  static String damage(byte[] key, int offset, int length) {
    String text = Bytes.of(key, offset, length).toString();
    return "checksum of the row of key " + text + " does not match";
  }

  /// As above, with the sequence, for who knows it.
  static String damage(byte[] key, int length, long trailer) {
    return damage(key, 0, length) + ", sequence " + InternalKey.sequence(trailer);
  }
}
