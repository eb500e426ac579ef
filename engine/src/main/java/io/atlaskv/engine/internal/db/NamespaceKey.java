package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.internal.base.ByteArrays;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Full keys: the namespace id, big-endian, then the caller's key; and the keys of namespace 0,
/// which is the store's own.
///
/// ```
/// 00000000 'h' slot         when which sequence was visible: HistoryTimes
/// 00000000 'i'              first namespace id that is not reserved, u32 little-endian
/// 00000000 'b' [namespace]  BulkLoadMark: never there
/// 00000000 'n' name         what the namespace is: NamespaceRow
/// 00000000 'r' ...          belongs to the redis layer
/// ```
///
/// Namespace 63 is the store's own, too: `embedded.ExpiryRow`.
public final class NamespaceKey {
  /// Bytes of the id in front of a key.
  public static final int ID_BYTES = Integer.BYTES;

  /// The store's own namespace.
  public static final int SYSTEM = 0;

  /// The namespace called `default`.
  public static final int DEFAULT = 1;

  /// What expires in namespaces with quotas.
  public static final int EXPIRIES = 63;

  /// First id that is given out.
  static final int FIRST_FREE = 64;

  private static final byte[] NEXT_ID = system('i', new byte[0]);

  private NamespaceKey() {}

  /// A key of the store's own namespace.
  public static byte[] system(char tag, byte[] rest) {
    byte[] key = new byte[ID_BYTES + 1 + rest.length];
    key[ID_BYTES] = (byte) tag;
    System.arraycopy(rest, 0, key, ID_BYTES + 1, rest.length);
    return key;
  }

  static byte[] nextId() {
    return NEXT_ID;
  }

  /// Key of the row that names a namespace.
  public static byte[] directory(String name) {
    return system('n', name.getBytes(StandardCharsets.UTF_8));
  }

  /// True for a row that names a namespace.
  public static boolean isDirectory(byte[] key) {
    return key.length > ID_BYTES && key[ID_BYTES] == 'n' && ByteArrays.beInt(key, 0) == SYSTEM;
  }

  /// The name in the key of such a row.
  public static String nameOf(byte[] directoryKey, int length) {
    return new String(directoryKey, ID_BYTES + 1, length - ID_BYTES - 1, StandardCharsets.UTF_8);
  }

  /// `id` and `key` as one key.
  public static byte[] full(int id, byte[] key) {
    byte[] full = new byte[ID_BYTES + key.length];
    ByteArrays.putBeInt(full, 0, id);
    System.arraycopy(key, 0, full, ID_BYTES, key.length);
    return full;
  }

  /// The user's key of a full key.
  public static Bytes ofUser(byte[] fullKey) {
    return Bytes.of(fullKey, ID_BYTES, fullKey.length - ID_BYTES);
  }

  /// As above.
  public static Bytes ofUser(Bytes fullKey) {
    return ofUser(fullKey.toArray());
  }

  /// First key of a namespace, and the first after it: all of its keys lie between.
  public static byte[] first(int id) {
    byte[] key = new byte[ID_BYTES];
    ByteArrays.putBeInt(key, 0, id);
    return key;
  }

  /// First key after those of a namespace.
  public static byte[] end(int id) {
    return first(id + 1);
  }

  /// The full key a range starts at.
  public static byte[] lower(int id, Range range) {
    Bytes bound = range.lower();
    return bound == null ? first(id) : full(id, bound.toArray());
  }

  /// The first full key after a range.
  public static byte[] upper(int id, Range range) {
    Bytes bound = range.upper();
    return bound == null ? end(id) : full(id, bound.toArray());
  }

  /// As `upper`, but for an empty range where it starts.
  public static byte[] endOf(int id, Range range) {
    return range.isEmpty() ? lower(id, range) : upper(id, range);
  }

  /// The namespace whose keys are exactly those from `start` to `end`, or −1.
  static int wholeNamespace(byte[] start, byte[] end) {
    if (start.length != ID_BYTES || end.length != ID_BYTES) {
      return -1;
    }
    int id = ByteArrays.beInt(start, 0);
    return Arrays.equals(end, end(id)) ? id : -1;
  }
}
