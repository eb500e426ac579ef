package io.atlaskv.engine.internal.iterator;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A cursor over internal entries: user key, trailer (sequence and kind) and value.
///
/// Entries come in internal order: user key ascending as unsigned bytes, then trailer descending as
/// an unsigned number, so that the newest version of a key stands first. One thread at a time.
///
/// Contract, tested by `InternalIteratorContract`:
/// - C1: a new iterator stands nowhere: `isValid()` is false until the first seek.
/// - C2: the accessors, `next()` and `prev()` may be called only while `isValid()`.
/// - C3: `keyBuffer()` and the value are good until the next move, seek or close. The value lies in
///   memory that the iterator pins until then, and no longer.
/// - C4: `next()` on the last entry and `prev()` on the first make the iterator invalid; any seek
///   makes it usable again.
/// - C5: direction may change at any entry; `next()` after `prev()` is where it was.
/// - C6: a move may throw `NeedsBlocks` when the entry is not in memory and the reader must not
///   block. The position is then undefined: the caller seeks again after the fetch.
/// - C7: `close()` may be called twice; nothing else may be called after it.
/// - C8: `isOlderVersion()` tells about a `next()` and may be called after one only.
public interface InternalIterator extends AutoCloseable {

  /// Whether the iterator stands on an entry.
  boolean isValid();

  /// Moves to the first entry.
  void seekToFirst();

  /// Moves to the last entry.
  void seekToLast();

  /// Moves to the first entry whose user key is at or after `key[offset, offset + length)`: the
  /// newest version of the first such key.
  void seek(byte[] key, int offset, int length);

  /// Moves to the last entry whose user key is at or before `key[offset, offset + length)`: the
  /// oldest version of the last such key.
  void seekForPrev(byte[] key, int offset, int length);

  /// Moves to the entry after this one.
  void next();

  /// Whether the last `next()` has led to another version of the key it left. Sources know that
  /// without comparing keys.
  boolean isOlderVersion();

  /// Moves to the entry before this one.
  void prev();

  /// The array whose first `keyLength()` bytes are the user key. Owned by the iterator; may be
  /// another array after a move.
  byte[] keyBuffer();

  /// Length of the user key in bytes.
  int keyLength();

  /// Sequence and kind of the entry, packed as by `InternalKey`.
  long trailer();

  /// The memory that holds the value from `valueOffset()` on.
  MemorySegment valueSegment();

  /// Where the value starts in `valueSegment()`.
  long valueOffset();

  /// Length of the value in bytes; 0 for tombstones.
  int valueLength();

  /// The first user key in `[start, end)` with an entry newer than `since`, a copy; null if there
  /// is none. Moves the iterator.
  default byte @Nullable [] firstNewer(byte[] start, byte[] end, long since) {
    for (seek(start, 0, start.length); isValid(); next()) {
      if (KeyBytes.compare(keyBuffer(), 0, keyLength(), end, 0, end.length) >= 0) {
        return null;
      }
      if (InternalKey.sequence(trailer()) > since) {
        return Arrays.copyOf(keyBuffer(), keyLength());
      }
    }
    return null;
  }

  /// Drops the pins of the iterator.
  @Override
  void close();
}
