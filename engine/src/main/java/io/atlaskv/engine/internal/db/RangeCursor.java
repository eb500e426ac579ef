package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

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

  /// Says that this cursor may be used; enough for what only looks at where it stands and at its
  /// key, which are on the heap.
  ///
  /// @throws io.atlaskv.engine.api.ClosedException if it may not be any more
  abstract void requireUsable();

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

  private static void requireEntry(boolean isOnEntry) {
    if (!isOnEntry) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }

  private void requireEntry() {
    requireEntry(isOnEntry());
  }

  @Override
  public final boolean isValid() {
    boolean isOn = isOnEntry();
    VarHandle.loadLoadFence(); // if it is not because of an end meanwhile, that shows now
    requireUsable();
    return isOn;
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
    requireEntry(isValid());
    byte[] key = new byte[keyLength()];
    System.arraycopy(entries.keyBuffer(), NamespaceKey.ID_BYTES, key, 0, key.length);
    return key;
  }

  @Override
  public final int key(byte[] copy) {
    requireEntry(isValid());
    int length = keyLength();
    System.arraycopy(
        entries.keyBuffer(), NamespaceKey.ID_BYTES, copy, 0, Math.min(length, copy.length));
    return length;
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
    enter();
    try {
      requireEntry();
      return entries.copyValue();
    } finally {
      leave();
    }
  }

  @Override
  public final long value(MemorySegment copy) {
    enter();
    try {
      requireEntry();
      return entries.copyValue(copy);
    } finally {
      leave();
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
    enter();
    try {
      requireEntry();
      return entries.valueLength();
    } finally {
      leave();
    }
  }
}
