package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/// A blocking cursor over one namespace.
///
/// The database may be closed by another thread while the cursor moves: the cursor is then marked,
/// and whoever leaves last, the move or the close, releases what it holds.
final class EmbeddedCursor implements Cursor {
  private static final int IDLE = 0;
  private static final int BUSY = 1;
  private static final int CLOSED = 2;
  private static final int CLOSED_WHILE_BUSY = 3;

  private final EmbeddedDb db;
  private final EngineCursor cursor;
  private final boolean isReverse;
  private final long entriesMax;
  private final AtomicInteger state = new AtomicInteger(IDLE);
  private byte[] target = new byte[0];
  private long passed;

  /// @param cursor bounded to the range; positioned by this class
  EmbeddedCursor(EmbeddedDb db, EngineCursor cursor, boolean isReverse, long entriesMax) {
    this.db = db;
    this.cursor = cursor;
    this.isReverse = isReverse;
    this.entriesMax = entriesMax;
  }

  private void enter() {
    if (!state.compareAndSet(IDLE, BUSY)) {
      throw state.get() == BUSY
          ? new IllegalStateException("a cursor may be used by one thread at a time")
          : new ClosedException("the cursor is closed");
    }
  }

  private void leave() {
    if (!state.compareAndSet(BUSY, IDLE)) {
      state.set(CLOSED);
      cursor.close();
    }
  }

  @Override
  public boolean isValid() {
    enter();
    try {
      return isOnEntry();
    } finally {
      leave();
    }
  }

  private boolean isOnEntry() {
    return passed < entriesMax && cursor.isValid();
  }

  private void requireEntry() {
    if (!isOnEntry()) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }

  @Override
  public void next() {
    enter();
    try {
      requireEntry();
      passed++;
      if (passed < entriesMax) {
        if (isReverse) {
          cursor.prev();
        } else {
          cursor.next();
        }
      }
    } finally {
      leave();
    }
  }

  @Override
  public void prev() {
    enter();
    try {
      requireEntry();
      passed = Math.max(0, passed - 1);
      if (isReverse) {
        cursor.next();
      } else {
        cursor.prev();
      }
    } finally {
      leave();
    }
  }

  @Override
  public void seekToFirst() {
    enter();
    try {
      passed = 0;
      if (isReverse) {
        cursor.seekToLast();
      } else {
        cursor.seekToFirst();
      }
    } finally {
      leave();
    }
  }

  @Override
  public void seekToLast() {
    enter();
    try {
      passed = 0;
      if (isReverse) {
        cursor.seekToFirst();
      } else {
        cursor.seekToLast();
      }
    } finally {
      leave();
    }
  }

  @Override
  public void seek(byte[] key) {
    EmbeddedReader.requireKey(key.length);
    enter();
    try {
      passed = 0;
      target = NamespaceKey.full(cursor.namespaceId(), key);
      if (isReverse) {
        cursor.seekForPrev(target, 0, target.length);
      } else {
        cursor.seek(target, 0, target.length);
      }
    } finally {
      leave();
    }
  }

  @Override
  public byte[] key() {
    enter();
    try {
      requireEntry();
      byte[] key = new byte[cursor.keyLength() - NamespaceKey.ID_BYTES];
      System.arraycopy(cursor.keyBuffer(), NamespaceKey.ID_BYTES, key, 0, key.length);
      return key;
    } finally {
      leave();
    }
  }

  @Override
  public int key(byte[] copy) {
    enter();
    try {
      requireEntry();
      int length = cursor.keyLength() - NamespaceKey.ID_BYTES;
      System.arraycopy(
          cursor.keyBuffer(), NamespaceKey.ID_BYTES, copy, 0, Math.min(length, copy.length));
      return length;
    } finally {
      leave();
    }
  }

  @Override
  public byte[] value() {
    enter();
    try {
      requireEntry();
      byte[] value = new byte[cursor.valueLength()];
      MemorySegment.copy(
          cursor.valueSegment(), Layouts.BYTE, cursor.valueOffset(), value, 0, value.length);
      return value;
    } finally {
      leave();
    }
  }

  @Override
  public long value(MemorySegment copy) {
    enter();
    try {
      requireEntry();
      long length = Math.min(cursor.valueLength(), copy.byteSize());
      MemorySegment.copy(cursor.valueSegment(), cursor.valueOffset(), copy, 0, length);
      return cursor.valueLength();
    } finally {
      leave();
    }
  }

  @Override
  public <T> T key(Codec<T> codec) {
    enter();
    try {
      requireEntry();
      int length = cursor.keyLength() - NamespaceKey.ID_BYTES;
      return codec.decodeAll(ByteReader.of(cursor.keyBuffer(), NamespaceKey.ID_BYTES, length));
    } finally {
      leave();
    }
  }

  @Override
  public <T> T value(Codec<T> codec) {
    enter();
    try {
      requireEntry();
      return codec.decodeAll(
          ByteReader.of(cursor.valueSegment(), cursor.valueOffset(), cursor.valueLength()));
    } finally {
      leave();
    }
  }

  @Override
  public int valueLength() {
    enter();
    try {
      requireEntry();
      return cursor.valueLength();
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    if (shut()) {
      db.closed(this);
    }
  }

  /// Closes it without telling the database; false if it was closed before.
  boolean shut() {
    while (true) {
      int now = state.get();
      if (now >= CLOSED) {
        return false;
      }
      if (state.compareAndSet(now, now == IDLE ? CLOSED : CLOSED_WHILE_BUSY)) {
        if (now == IDLE) {
          cursor.close();
        }
        return true;
      }
    }
  }
}
