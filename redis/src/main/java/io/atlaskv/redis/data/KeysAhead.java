package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.redis.store.Lookahead;
import java.lang.foreign.MemorySegment;

/// Keys of one database that the next commands will read: their metadata rows are looked up
/// together. A matter of speed only.
public final class KeysAhead {
  private static final int NONE = 0; // no database lives there

  private final Lookahead lookahead;
  private int namespace = NONE;

  public KeysAhead(Lookahead lookahead) {
    this.lookahead = lookahead;
  }

  /// Starts with the database that lives in `newNamespace`.
  public void begin(int newNamespace) {
    namespace = newNamespace;
  }

  /// True if a key of that length may be added.
  public boolean takes(int length) {
    return RowKey.METADATA_PREFIX_BYTES + length <= KeyBatch.KEY_BYTES_MAX;
  }

  /// Adds a key; returns its number.
  public int add(MemorySegment key, long offset, int length) {
    KeyBatch rows = lookahead.rows();
    int row = rows.add(RowKey.METADATA_PREFIX_BYTES + length);
    RowKey.metadata(rows.bytes(), KeyBatch.start(row), namespace, key, offset, length);
    return row;
  }

  /// Looks all of them up.
  public void lookUp() {
    lookahead.lookUp();
  }

  /// Forgets all of them, and gives back what is held.
  public void end() {
    lookahead.end();
    namespace = NONE;
  }

  Lookahead lookahead() {
    return lookahead;
  }

  /// True if key number `row` is this key of that database.
  boolean isKey(int row, int ofNamespace, MemorySegment key, long offset, int length) {
    KeyBatch rows = lookahead.rows();
    int at = KeyBatch.start(row) + RowKey.METADATA_PREFIX_BYTES;
    return ofNamespace == namespace
        && rows.length(row) == RowKey.METADATA_PREFIX_BYTES + length
        && KeyBytes.equal(rows.bytes(), at, key, offset, length);
  }

  /// Copies a key's metadata row; returns its length.
  int copyRow(int row, byte[] target) {
    KeyBatch rows = lookahead.rows();
    int length = rows.length(row);
    System.arraycopy(rows.bytes(), KeyBatch.start(row), target, 0, length);
    return length;
  }
}
