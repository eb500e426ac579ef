package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.PositionedEntries;
import java.lang.foreign.MemorySegment;

/// A cursor over one namespace, in the direction of its query and within the query's limit. Who may
/// use it when is said by `enter`.
abstract class RangeCursor implements Cursor {
  private final EmbeddedRangeQuery query; // has the snapshot, which must not be lost before this
  private final PositionedEntries entries;
  private final int namespaceId;
  private long passed;

  /// @param entries bounded to the range; positioned by this class
  RangeCursor(EmbeddedRangeQuery query, PositionedEntries entries, int namespaceId) {
    this.query = query;
    this.entries = entries;
    this.namespaceId = namespaceId;
  }

  /// Begins a look at the entry, which moves nothing; returns what `endLook` is to be given. What
  /// is copied meanwhile is given out only if that returns: memory that an end has freed may hold
  /// something else by then, or be closed.
  abstract int beginLook();

  /// Ends a look.
  ///
  /// @throws io.atlaskv.engine.api.ClosedException if the cursor may not be used any more
  abstract void endLook(int look);

  /// Begins a use of this cursor.
  ///
  /// @throws io.atlaskv.engine.api.ClosedException if there may be none any more
  abstract void enter();

  abstract void leave();

  /// To the query's first entry; by one who has entered.
  final void toFirst() {
    passed = 0;
    if (query.entriesMax() > 0) {
      toEnd(!query.isReverse());
    }
  }

  private void toEnd(boolean isFirst) {
    if (isFirst) {
      entries.seekToFirst();
    } else {
      entries.seekToLast();
    }
  }

  private void step(boolean isUp) {
    if (isUp) {
      entries.next();
    } else {
      entries.prev();
    }
  }

  private boolean isOnEntry() {
    return passed < query.entriesMax() && entries.isValid();
  }

  private void requireEntry() {
    if (!isOnEntry()) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }

  @Override
  public final boolean isValid() {
    int look = beginLook();
    try {
      return isOnEntry();
    } finally {
      endLook(look); // if it is not on one because of an end meanwhile, that shows now
    }
  }

  @Override
  public final void next() {
    enter();
    try {
      requireEntry();
      passed++;
      if (passed < query.entriesMax()) {
        step(!query.isReverse());
      }
    } finally {
      leave();
    }
  }

  @Override
  public final void prev() {
    enter();
    try {
      requireEntry();
      passed = Math.max(0, passed - 1);
      step(query.isReverse());
    } finally {
      leave();
    }
  }

  @Override
  public final void seekToFirst() {
    enter();
    try {
      toFirst();
    } finally {
      leave();
    }
  }

  @Override
  public final void seekToLast() {
    enter();
    try {
      passed = 0;
      toEnd(query.isReverse());
    } finally {
      leave();
    }
  }

  @Override
  public final void seek(byte[] key) {
    EmbeddedReader.requireKey(key.length);
    enter();
    try {
      passed = 0;
      byte[] target = NamespaceKey.full(namespaceId, key);
      if (query.isReverse()) {
        entries.seekAtOrBefore(target);
      } else {
        entries.seekAtOrAfter(target);
      }
    } finally {
      leave();
    }
  }

  private int keyLength() {
    return entries.keyLength() - NamespaceKey.ID_BYTES;
  }

  @Override
  public final byte[] key() {
    int look = beginLook();
    try {
      requireEntry();
      byte[] key = new byte[keyLength()];
      System.arraycopy(entries.keyBuffer(), NamespaceKey.ID_BYTES, key, 0, key.length);
      return key;
    } finally {
      endLook(look);
    }
  }

  @Override
  public final int key(byte[] copy) {
    int look = beginLook();
    try {
      requireEntry();
      int length = keyLength();
      System.arraycopy(
          entries.keyBuffer(), NamespaceKey.ID_BYTES, copy, 0, Math.min(length, copy.length));
      return length;
    } finally {
      endLook(look);
    }
  }

  @Override
  public final <T> T key(Codec<T> codec) {
    enter();
    try {
      requireEntry();
      return codec.decodeAll(
          ByteReader.of(entries.keyBuffer(), NamespaceKey.ID_BYTES, keyLength()));
    } finally {
      leave();
    }
  }

  @Override
  public final byte[] value() {
    int look = beginLook();
    try {
      requireEntry();
      return entries.copyValue();
    } finally {
      endLook(look);
    }
  }

  @Override
  public final long value(MemorySegment copy) {
    int look = beginLook();
    try {
      requireEntry();
      return entries.copyValue(copy);
    } finally {
      endLook(look);
    }
  }

  @Override
  public final <T> T value(Codec<T> codec) {
    enter();
    try {
      requireEntry();
      return codec.decodeAll(entries.readValue());
    } finally {
      leave();
    }
  }

  @Override
  public final int valueLength() {
    int look = beginLook();
    try {
      requireEntry();
      return entries.valueLength();
    } finally {
      endLook(look);
    }
  }
}
