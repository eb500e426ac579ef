package io.atlaskv.engine.internal.iterator;

import io.atlaskv.engine.internal.base.InternalKey;
import java.lang.foreign.MemorySegment;

/// Where an iterator stands: its entry, or nowhere. Written by the iterator and read in place by
/// who moves it: of several kinds of iterator only the moves are virtual calls, not each look at a
/// key.
public abstract class Position {
  public static final Position NOWHERE = new Position() {};

  protected boolean isValid;
  protected boolean isOlderVersion;
  protected byte[] keyBuffer = new byte[0];
  protected int keyLength;
  protected long trailer;
  protected MemorySegment valueSegment = MemorySegment.NULL;
  protected long valueOffset;
  protected int valueLength;

  protected Position() {}

  /// Whether there is an entry; the rest is meaningless if not.
  public final boolean isValid() {
    return isValid;
  }

  /// Whether the last `next()` has led to another version of the key it left.
  public final boolean isOlderVersion() {
    return isOlderVersion;
  }

  /// Says so, after a move from another source.
  public final void isOlderVersion(boolean isOlder) {
    isOlderVersion = isOlder;
  }

  /// The array whose first `keyLength()` bytes are the user key. May be another one after a move.
  public final byte[] keyBuffer() {
    return keyBuffer;
  }

  /// Length of the user key in bytes.
  public final int keyLength() {
    return keyLength;
  }

  /// Sequence and kind of the entry, packed as by `InternalKey`.
  public final long trailer() {
    return trailer;
  }

  /// Gives the entry another sequence, until the next move.
  public final void sequence(long sequence) {
    trailer = InternalKey.pack(sequence, InternalKey.kind(trailer));
  }

  /// The memory that holds the value from `valueOffset()` on.
  public final MemorySegment valueSegment() {
    return valueSegment;
  }

  /// Where the value starts in `valueSegment()`.
  public final long valueOffset() {
    return valueOffset;
  }

  /// Length of the value in bytes; 0 for tombstones.
  public final int valueLength() {
    return valueLength;
  }
}
