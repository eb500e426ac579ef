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
/// - C3: `position()`, key and value are good until the next move, seek or close. The value lies in
///   memory that the iterator pins until then, and no longer.
/// - C4: `next()` on the last entry and `prev()` on the first make the iterator invalid; any seek
///   makes it usable again.
/// - C5: direction may change at any entry; `next()` after `prev()` is where it was.
/// - C6: a move may throw `NeedsBlocks` when the entry is not in memory and the reader must not
///   block. The position is then undefined: the caller seeks again after the fetch.
/// - C7: `close()` may be called twice; nothing else may be called after it.
/// - C8: `isOlderVersion()` tells about a `next()` and may be called after one only.
public interface InternalIterator extends AutoCloseable {

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

  /// Moves to the entry before this one.
  void prev();

  /// Where it stands. May be another object after a move.
  Position position();

  /// Whether the iterator stands on an entry.
  default boolean isValid() {
    return position().isValid();
  }

  /// Whether the last `next()` has led to another version of the key it left. Sources know that
  /// without comparing keys.
  default boolean isOlderVersion() {
    return position().isOlderVersion();
  }

  /// As of the position.
  default byte[] keyBuffer() {
    return position().keyBuffer();
  }

  /// As of the position.
  default int keyLength() {
    return position().keyLength();
  }

  /// As of the position.
  default long trailer() {
    return position().trailer();
  }

  /// As of the position.
  default MemorySegment valueSegment() {
    return position().valueSegment();
  }

  /// As of the position.
  default long valueOffset() {
    return position().valueOffset();
  }

  /// As of the position.
  default int valueLength() {
    return position().valueLength();
  }

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
