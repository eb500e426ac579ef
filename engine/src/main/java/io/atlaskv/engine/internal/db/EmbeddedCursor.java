package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// A blocking cursor over one namespace.
final class EmbeddedCursor implements Cursor {
  private final EmbeddedRangeQuery query; // has the snapshot, which must not be lost before this
  private final EngineCursor cursor;
  private final CursorLease lease;
  private byte[] target = new byte[0];
  private long passed;

  /// @param cursor bounded to the range; positioned by this class
  EmbeddedCursor(EmbeddedRangeQuery query, Leases leases, EngineCursor cursor) {
    this.query = query;
    this.cursor = cursor;
    this.lease = new CursorLease(this, leases, cursor);
  }

  CursorLease lease() {
    return lease;
  }

  private void enter() {
    lease.enter();
  }

  private void leave() {
    try {
      lease.leave();
    } finally {
      Reference.reachabilityFence(this);
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
    return passed < query.entriesMax() && cursor.isValid();
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
      if (passed < query.entriesMax()) {
        if (query.isReverse()) {
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
      if (query.isReverse()) {
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
      if (query.isReverse()) {
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
      if (query.isReverse()) {
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
      if (query.isReverse()) {
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
    try {
      lease.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
