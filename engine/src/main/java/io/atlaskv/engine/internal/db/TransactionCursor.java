package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// A cursor within a transaction, in the direction of its query: what [MergedEntries] shows, and
/// not more than the query's limit.
final class TransactionCursor implements Cursor {
  private final EmbeddedTransaction transaction;
  private final EngineCursor rows;
  private final MergedEntries entries;
  private final boolean isReverse;
  private final long entriesMax;
  private final int namespaceId;
  private long passed;
  private boolean isClosed;

  /// Stands on the query's first entry. The transaction must have been entered.
  TransactionCursor(EmbeddedTransaction transaction, TransactionQuery query) {
    this.transaction = transaction;
    this.isReverse = query.isReverse();
    this.entriesMax = query.entriesMax();
    this.namespaceId = query.store().namespaceId();
    byte[] lower = NamespaceKey.lower(namespaceId, query.range());
    byte[] upper = query.range().isEmpty() ? lower : NamespaceKey.upper(namespaceId, query.range());
    this.rows = transaction.openCursor(lower, upper, namespaceId);
    this.entries =
        new MergedEntries(rows, transaction.writes(), lower, upper, transaction::scanned);
    transaction.add(this);
    toFirst();
  }

  /// Tells the transaction what was scanned so far.
  void noteScanned() {
    entries.noteScanned();
  }

  private void enter() {
    transaction.enter();
    if (isClosed) {
      transaction.leave();
      throw new ClosedException("the cursor");
    }
  }

  private void enterOnEntry() {
    enter();
    if (!isOnEntry()) {
      transaction.leave();
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }

  private void leave() {
    transaction.leave();
  }

  private boolean isOnEntry() {
    return passed < entriesMax && entries.isValid();
  }

  private void toFirst() {
    passed = 0;
    if (entriesMax > 0) {
      move(!isReverse);
    }
  }

  /// To one end of the range.
  private void move(boolean toSmallest) {
    if (toSmallest) {
      entries.seekToFirst();
    } else {
      entries.seekToLast();
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

  @Override
  public void next() {
    enterOnEntry();
    try {
      passed++;
      if (passed < entriesMax) {
        step(!isReverse);
      }
    } finally {
      leave();
    }
  }

  private void step(boolean isUp) {
    if (isUp) {
      entries.next();
    } else {
      entries.prev();
    }
  }

  @Override
  public void prev() {
    enterOnEntry();
    try {
      passed = Math.max(0, passed - 1);
      step(isReverse);
    } finally {
      leave();
    }
  }

  @Override
  public void seekToFirst() {
    enter();
    try {
      toFirst();
    } finally {
      leave();
    }
  }

  @Override
  public void seekToLast() {
    enter();
    try {
      passed = 0;
      move(isReverse);
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
      byte[] target = NamespaceKey.full(namespaceId, key);
      if (isReverse) {
        entries.seekAtOrBefore(target);
      } else {
        entries.seekAtOrAfter(target);
      }
    } finally {
      leave();
    }
  }

  @Override
  public byte[] key() {
    enterOnEntry();
    try {
      byte[] key = new byte[entries.keyLength() - NamespaceKey.ID_BYTES];
      System.arraycopy(entries.keyBuffer(), NamespaceKey.ID_BYTES, key, 0, key.length);
      return key;
    } finally {
      leave();
    }
  }

  @Override
  public int key(byte[] target) {
    enterOnEntry();
    try {
      int length = entries.keyLength() - NamespaceKey.ID_BYTES;
      System.arraycopy(
          entries.keyBuffer(), NamespaceKey.ID_BYTES, target, 0, Math.min(length, target.length));
      return length;
    } finally {
      leave();
    }
  }

  @Override
  public byte[] value() {
    enterOnEntry();
    try {
      byte[] own = entries.ownValue();
      if (own != null) {
        return own.clone();
      }
      byte[] value = new byte[rows.valueLength()];
      MemorySegment.copy(
          rows.valueSegment(), Layouts.BYTE, rows.valueOffset(), value, 0, value.length);
      return value;
    } finally {
      leave();
    }
  }

  @Override
  public long value(MemorySegment target) {
    enterOnEntry();
    try {
      byte[] own = entries.ownValue();
      if (own != null) {
        int copied = (int) Math.min(own.length, target.byteSize());
        MemorySegment.copy(own, 0, target, Layouts.BYTE, 0, copied);
        return own.length;
      }
      long copied = Math.min(rows.valueLength(), target.byteSize());
      MemorySegment.copy(rows.valueSegment(), rows.valueOffset(), target, 0, copied);
      return rows.valueLength();
    } finally {
      leave();
    }
  }

  @Override
  public <T> T key(Codec<T> codec) {
    enterOnEntry();
    try {
      int length = entries.keyLength() - NamespaceKey.ID_BYTES;
      return codec.decodeAll(ByteReader.of(entries.keyBuffer(), NamespaceKey.ID_BYTES, length));
    } finally {
      leave();
    }
  }

  @Override
  public <T> T value(Codec<T> codec) {
    enterOnEntry();
    try {
      byte[] own = entries.ownValue();
      return codec.decodeAll(
          own != null
              ? ByteReader.of(own, 0, own.length)
              : ByteReader.of(rows.valueSegment(), rows.valueOffset(), rows.valueLength()));
    } finally {
      leave();
    }
  }

  @Override
  public int valueLength() {
    enterOnEntry();
    try {
      byte[] own = entries.ownValue();
      return own != null ? own.length : rows.valueLength();
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    if (isClosed || !transaction.tryEnter()) {
      return; // it has ended with the transaction
    }
    try {
      isClosed = true;
      entries.noteScanned();
      transaction.closed(this, rows);
    } finally {
      leave();
    }
  }
}
