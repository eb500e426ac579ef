package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.redis.store.Lookahead;
import java.lang.foreign.MemorySegment;

/// Keys of one database that the next commands will read: their metadata rows are looked up
/// together. A matter of speed only.
public final class KeysAhead {
  /// Most keys.
  public static final int KEYS_MAX = KeyBatch.KEYS_MAX;

  /// In place of a key's number: it was not looked up.
  public static final int UNKNOWN = -1;

  private static final int NONE = 0; // no database lives there

  private final Lookahead lookahead;
  private int namespace = NONE;
  private long era;

  public KeysAhead(Lookahead lookahead) {
    this.lookahead = lookahead;
  }

  /// Starts with the database that lives in `newNamespace`.
  public void begin(int newNamespace) {
    namespace = newNamespace;
    era++;
  }

  /// Numbers of keys mean something as long as this is what it was when they were added.
  public long era() {
    return era;
  }

  /// Adds a key; returns its number, or `UNKNOWN` if it is too long or there are enough.
  public int add(MemorySegment key, long offset, int length) {
    KeyBatch rows = lookahead.rows();
    if (!takes(rows, RowKey.METADATA_PREFIX_BYTES + length)) {
      return UNKNOWN;
    }
    int row = rows.add(RowKey.METADATA_PREFIX_BYTES + length);
    RowKey.metadata(rows.bytes(), KeyBatch.start(row), namespace, key, offset, length);
    return row;
  }

  /// As `add`, for a key that may be there already, and then has that number.
  public int addOnce(MemorySegment key, long offset, int length) {
    for (int row = lookahead.rows().count() - 1; row >= 0; row--) {
      if (isKey(row, namespace, key, offset, length)) {
        return row;
      }
    }
    return add(key, offset, length);
  }

  /// As `add`, for the key of an expiry row.
  int addOfExpiry(byte[] expiryRow) {
    KeyBatch rows = lookahead.rows();
    int length = RowKey.METADATA_PREFIX_BYTES + expiryRow.length - RowKey.EXPIRY_PREFIX_BYTES;
    if (!takes(rows, length)) {
      return UNKNOWN;
    }
    int row = rows.add(length);
    RowKey.metadataOfExpiry(rows.bytes(), KeyBatch.start(row), expiryRow, expiryRow.length);
    return row;
  }

  private static boolean takes(KeyBatch rows, int length) {
    return length <= KeyBatch.KEY_BYTES_MAX && rows.count() < KEYS_MAX;
  }

  public boolean hasKeys() {
    return lookahead.rows().count() > 0;
  }

  /// Looks all of them up.
  public void lookUp() {
    lookahead.lookUp();
  }

  /// Forgets all of them, and gives back what is held.
  public void end() {
    lookahead.end();
    namespace = NONE;
    era++;
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
