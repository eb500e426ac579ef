package io.atlaskv.engine.internal.base;

import java.util.Arrays;

/// What the log has of a bulk load, whose entries it never sees: a batch of two deletions of keys
/// that never exist. It takes the sequence that the load is written at, and says of which namespace
/// the load is.
///
/// ```
/// 00000000 'b'                in namespace 0, the store's own
/// 00000000 'b' namespace      its id, u32 big-endian; older stores' marks are without
/// ```
public final class BulkLoadMark {
  private static final byte[] KEY = {0, 0, 0, 0, 'b'};
  private static final int KEY_BYTES = KEY.length + Integer.BYTES; // with the namespace

  private BulkLoadMark() {}

  /// Makes `batch` the mark of a load of a namespace.
  public static void write(BatchBuilder batch, int namespaceId) {
    batch.delete(KEY, 0, KEY.length);
    byte[] key = Arrays.copyOf(KEY, KEY_BYTES);
    ByteArrays.putBeInt(key, KEY.length, namespaceId);
    batch.delete(key, 0, key.length);
  }

  /// Whether the operation that `batch` stands on makes it a mark.
  public static boolean isAt(BatchReader batch) {
    return batch.kind() == ValueKind.DELETE
        && batch.keyLength() == KEY.length
        && Arrays.equals(
            KEY, ByteArrays.copyOf(batch.segment(), batch.keyOffset(), batch.keyLength()));
  }

  /// Whether a deleted key is the part of the mark that names the namespace.
  public static boolean isNamespace(byte[] key) {
    return key.length == KEY_BYTES && Arrays.equals(key, 0, KEY.length, KEY, 0, KEY.length);
  }

  /// Which namespace such a key names.
  public static int namespaceOf(byte[] key) {
    return ByteArrays.beInt(key, KEY.length);
  }
}
