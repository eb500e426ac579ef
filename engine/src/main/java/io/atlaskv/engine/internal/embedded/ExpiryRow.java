package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.db.NamespaceKey;
import java.util.Arrays;

/// A row that says what a value that expires takes of the quota of its namespace, so that this is
/// known when the value itself is hidden, or gone by a compaction. In the store's own namespace
/// `NamespaceKey.EXPIRIES`, those of a namespace in order of time.
///
/// ```
/// key    offset  size  field
///             0     4  NamespaceKey.EXPIRIES, big-endian
///             4     4  namespace of the value, big-endian
///             8     8  when the value expires, in milliseconds since 1970, big-endian
///            16        the caller's key
/// value       0     4  bytes of the value, little-endian
/// ```
///
/// Invariants, of each namespace with a quota:
/// - Q1: each value in it that expires, be it due or not, has a row, until one of the two is
///   written again or the row is swept. So if a reader sees the value, its row is there.
/// - Q2: what is counted is what its values take that do not expire, and what its rows say.
/// - Q3: a row changes only with a write of its key, or under the condition that neither it nor the
///   key has been written since it was read.
final class ExpiryRow {
  private static final int NAMESPACE_OFFSET = NamespaceKey.ID_BYTES;
  private static final int TIME_OFFSET = NAMESPACE_OFFSET + Integer.BYTES;
  private static final int KEY_OFFSET = TIME_OFFSET + Long.BYTES;

  /// Bytes of a row's value.
  static final int VALUE_BYTES = Integer.BYTES;

  private ExpiryRow() {}

  /// Key of the row of a value.
  ///
  /// @param fullKey of the value
  static byte[] key(long expiresAtMillis, byte[] fullKey, int fullKeyLength) {
    int keyLength = fullKeyLength - NamespaceKey.ID_BYTES;
    byte[] row = new byte[KEY_OFFSET + keyLength];
    ByteArrays.putBeInt(row, 0, NamespaceKey.EXPIRIES);
    System.arraycopy(fullKey, 0, row, NAMESPACE_OFFSET, NamespaceKey.ID_BYTES);
    ByteArrays.putBeLong(row, TIME_OFFSET, expiresAtMillis);
    System.arraycopy(fullKey, NamespaceKey.ID_BYTES, row, KEY_OFFSET, keyLength);
    return row;
  }

  /// First key of the rows of a namespace.
  static byte[] first(int namespace) {
    byte[] row = new byte[TIME_OFFSET];
    ByteArrays.putBeInt(row, 0, NamespaceKey.EXPIRIES);
    ByteArrays.putBeInt(row, NAMESPACE_OFFSET, namespace);
    return row;
  }

  /// First key after the rows of a namespace.
  static byte[] end(int namespace) {
    return first(namespace + 1);
  }

  /// First key after the rows of what is due.
  static byte[] endOfDue(int namespace, long nowMillis) {
    if (nowMillis == Long.MAX_VALUE) {
      return end(namespace);
    }
    byte[] row = Arrays.copyOf(first(namespace), KEY_OFFSET);
    ByteArrays.putBeLong(row, TIME_OFFSET, nowMillis + 1);
    return row;
  }

  /// When the value of a row expires.
  static long expiresAtMillis(byte[] row) {
    return ByteArrays.beLong(row, TIME_OFFSET);
  }

  /// Full key of the value of a row.
  static byte[] valueKey(byte[] row) {
    byte[] fullKey = new byte[row.length - KEY_OFFSET + NamespaceKey.ID_BYTES];
    System.arraycopy(row, NAMESPACE_OFFSET, fullKey, 0, NamespaceKey.ID_BYTES);
    System.arraycopy(
        row, KEY_OFFSET, fullKey, NamespaceKey.ID_BYTES, fullKey.length - NamespaceKey.ID_BYTES);
    return fullKey;
  }

  /// Content of a row.
  static byte[] value(int valueBytes) {
    byte[] value = new byte[VALUE_BYTES];
    ByteArrays.putLeInt(value, 0, valueBytes);
    return value;
  }
}
