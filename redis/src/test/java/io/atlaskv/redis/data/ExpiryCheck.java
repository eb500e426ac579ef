package io.atlaskv.redis.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import io.atlaskv.redis.store.Store;

/// Looks at all rows of a database: every key that expires has one expiry row, which says the truth
/// about its other rows; no other expiry row is there; the counters are right (K1 of `Keyspace`).
public final class ExpiryCheck {
  private ExpiryCheck() {}

  /// Returns how many keys expire.
  public static int check(Store store, int namespace, String message) {
    Reader reader = store.newReader(true);
    int keys = 0;
    int expiring = 0;
    byte[] first = RowKey.type(namespace, RowKey.METADATA);
    byte[] end = RowKey.afterType(namespace, RowKey.METADATA);
    try (RowCursor rows = reader.cursor(first, end)) {
      for (int state = rows.first(); state == Reader.FOUND; state = rows.next()) {
        keys++;
        expiring += MetadataFormat.expiresAt(rows.valueSegment(), rows.valueOffset()) == 0 ? 0 : 1;
      }
    }
    assertEquals(expiring, indexRows(store, reader, namespace, message), message);
    assertEquals(keys, store.counter(namespace, Keyspace.KEYS), message);
    assertEquals(expiring, store.counter(namespace, Keyspace.EXPIRING), message);
    reader.reset();
    return expiring;
  }

  private static int indexRows(Store store, Reader reader, int namespace, String message) {
    int count = 0;
    byte[] first = RowKey.type(namespace, RowKey.EXPIRY);
    byte[] end = RowKey.afterType(namespace, RowKey.EXPIRY);
    Reader metadata = store.newReader(true);
    var lookup = new Lookup();
    try (RowCursor rows = reader.cursor(first, end)) {
      for (int state = rows.first(); state == Reader.FOUND; state = rows.next()) {
        byte[] key = new byte[rows.keyLength()];
        int length = RowKey.metadataOfExpiry(key, rows.key(), rows.keyLength());
        assertEquals(Reader.FOUND, metadata.get(key, 0, length, lookup), message);
        int head = MetadataFormat.head(lookup.segment(), lookup.offset());
        assertEquals(
            RowKey.expiryTime(rows.key()),
            MetadataFormat.expiresAt(lookup.segment(), lookup.offset()),
            message);
        assertEquals(
            MetadataFormat.isInFragments(head)
                ? ExpiryFormat.OTHERS
                : lookup.length() - MetadataFormat.BYTES,
            ExpiryFormat.aloneBytes(rows.valueSegment(), rows.valueOffset(), rows.valueLength()),
            message);
        lookup.release();
        count++;
      }
    }
    metadata.reset();
    return count;
  }
}
