package io.atlaskv.redis.data;

import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import java.lang.foreign.MemorySegment;

/// Walks the live keys of a database in order, within bounds, forwards or backwards. Keys that have
/// expired are passed over: all of them, which is for workers, or on a loop `passAtMost` so many.
public final class KeyCursor implements AutoCloseable {
  private final Keyspace keys;
  private final RowCursor rows;
  private final long now;
  private final boolean isReverse;
  private long expiredLeft = Long.MAX_VALUE;

  private KeyCursor(Keyspace keys, RowCursor rows, boolean isReverse) {
    this.keys = keys;
    this.rows = rows;
    this.now = keys.nowMillis();
    this.isReverse = isReverse;
  }

  /// Keys of `bounds`.
  public static KeyCursor open(Keyspace keys, KeyBounds bounds, boolean isReverse) {
    int namespace = keys.namespace();
    RowCursor rows = keys.reader().cursor(bounds.lowerRow(namespace), bounds.upperRow(namespace));
    return new KeyCursor(keys, rows, isReverse);
  }

  /// From now on so many expired keys are passed over, all moves together; further ones are stopped
  /// at, and `isExpired` tells them.
  public KeyCursor passAtMost(long expiredKeys) {
    expiredLeft = expiredKeys;
    return this;
  }

  /// To the first key in the direction of this cursor: `Reader.FOUND`, `ABSENT` or `NEEDS_BLOCKS`.
  public int first() {
    return live(isReverse ? rows.last() : rows.first());
  }

  /// To the next one.
  public int next() {
    return live(step());
  }

  private int step() {
    return isReverse ? rows.prev() : rows.next();
  }

  private int live(int answer) {
    int state = answer;
    while (state == Reader.FOUND && expiredLeft > 0 && isExpired()) {
      expiredLeft--;
      state = step();
    }
    return state;
  }

  /// True if the key expires some time.
  public boolean expires() {
    return MetadataFormat.expiresAt(rows.valueSegment(), rows.valueOffset()) != 0;
  }

  /// True if the key has expired: of those, only what is beyond `passAtMost` is stopped at.
  public boolean isExpired() {
    long expiresAt = MetadataFormat.expiresAt(rows.valueSegment(), rows.valueOffset());
    return expiresAt != 0 && expiresAt <= now;
  }

  /// Memory of the key: `[keyOffset, + keyLength)` of it, valid until the next move.
  public byte[] key() {
    return rows.key();
  }

  public int keyOffset() {
    return RowKey.METADATA_PREFIX_BYTES;
  }

  public int keyLength() {
    return rows.keyLength() - RowKey.METADATA_PREFIX_BYTES;
  }

  public byte type() {
    return MetadataFormat.type(rows.valueSegment(), rows.valueOffset());
  }

  public boolean isString() {
    return type() == MetadataFormat.TYPE_STRING;
  }

  /// True if the string is whole in memory, as `valueSegment` and its like say; else it is in
  /// fragments, and `show` shows it.
  public boolean isInline() {
    return !MetadataFormat.isInFragments(
        MetadataFormat.head(rows.valueSegment(), rows.valueOffset()));
  }

  /// Bytes of the string.
  public long stringLength() {
    return isInline() ? valueLength() : fragments().length();
  }

  /// Lets `string` show a string in fragments. They are read as of the moment of this cursor only
  /// if `Keyspace.holdSnapshot` was called before it was opened.
  public void show(StringView string) {
    string.beginFragments(keys, fragments());
  }

  private Fragments fragments() {
    return Fragments.read(keys.namespace(), valueSegment(), valueOffset(), valueLength());
  }

  public MemorySegment valueSegment() {
    return rows.valueSegment();
  }

  public long valueOffset() {
    return rows.valueOffset() + MetadataFormat.BYTES;
  }

  public int valueLength() {
    return rows.valueLength() - MetadataFormat.BYTES;
  }

  /// A copy of the key.
  public byte[] copyKey() {
    byte[] copy = new byte[keyLength()];
    System.arraycopy(key(), keyOffset(), copy, 0, copy.length);
    return copy;
  }

  @Override
  public void close() {
    rows.close();
  }
}
