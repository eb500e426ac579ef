package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Keys of a database's rows; integers are big-endian so that byte order is their order.
///
/// ```
/// offset  size  field
///      0     4  namespace
///      4     1  'M' metadata or 'E' expiry index
///      5     8  expiry index only: time in ms since 1970
///   5/13     n  the client's key
/// ```
public final class RowKey {
  static final int TYPE_OFFSET = Integer.BYTES;

  /// Bytes before the client's key in a metadata row.
  public static final int METADATA_PREFIX_BYTES = TYPE_OFFSET + 1;

  static final int TIME_OFFSET = METADATA_PREFIX_BYTES;
  static final int EXPIRY_PREFIX_BYTES = TIME_OFFSET + Long.BYTES;

  /// Longest key of a client.
  public static final int KEY_BYTES_MAX = 64 * 1024 - EXPIRY_PREFIX_BYTES + 1;

  static final byte METADATA = 'M';
  static final byte EXPIRY = 'E';

  private static final VarHandle BE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BE_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private RowKey() {}

  /// Writes the key of a metadata row; returns its length.
  static int metadata(
      byte[] target, int namespace, MemorySegment key, long keyOffset, int keyLength) {
    metadata(target, 0, namespace, key, keyOffset, keyLength);
    return METADATA_PREFIX_BYTES + keyLength;
  }

  /// Writes the key of a metadata row to `[at, ...)`.
  static void metadata(
      byte[] target, int at, int namespace, MemorySegment key, long keyOffset, int keyLength) {
    BE_INT.set(target, at, namespace);
    target[at + TYPE_OFFSET] = METADATA;
    MemorySegment.copy(key, Layouts.BYTE, keyOffset, target, at + METADATA_PREFIX_BYTES, keyLength);
  }

  /// Writes the key of the expiry row of a metadata row; returns its length.
  static int expiry(byte[] target, byte[] metadataRow, int metadataLength, long expiresAt) {
    int keyLength = metadataLength - METADATA_PREFIX_BYTES;
    System.arraycopy(metadataRow, 0, target, 0, TYPE_OFFSET);
    target[TYPE_OFFSET] = EXPIRY;
    BE_LONG.set(target, TIME_OFFSET, expiresAt);
    System.arraycopy(metadataRow, METADATA_PREFIX_BYTES, target, EXPIRY_PREFIX_BYTES, keyLength);
    return EXPIRY_PREFIX_BYTES + keyLength;
  }

  /// Writes the metadata key of an expiry row; returns its length.
  static int metadataOfExpiry(byte[] target, byte[] expiryRow, int expiryLength) {
    return metadataOfExpiry(target, 0, expiryRow, expiryLength);
  }

  /// Writes the metadata key of an expiry row to `[at, ...)`; returns its length.
  static int metadataOfExpiry(byte[] target, int at, byte[] expiryRow, int expiryLength) {
    int keyLength = expiryLength - EXPIRY_PREFIX_BYTES;
    int keyAt = at + METADATA_PREFIX_BYTES;
    System.arraycopy(expiryRow, 0, target, at, TYPE_OFFSET);
    target[at + TYPE_OFFSET] = METADATA;
    System.arraycopy(expiryRow, EXPIRY_PREFIX_BYTES, target, keyAt, keyLength);
    return METADATA_PREFIX_BYTES + keyLength;
  }

  /// Namespace that a row is in.
  public static int namespaceOf(byte[] row) {
    return (int) BE_INT.get(row, 0);
  }

  /// The same row in another namespace.
  static byte[] inNamespace(byte[] row, int namespace) {
    byte[] moved = row.clone();
    BE_INT.set(moved, 0, namespace);
    return moved;
  }

  static long expiryTime(byte[] expiryRow) {
    return (long) BE_LONG.get(expiryRow, TIME_OFFSET);
  }

  /// Lower bound of all rows of one type: everything in it is before `afterType` of the same.
  static byte[] type(int namespace, byte type) {
    byte[] bound = new byte[METADATA_PREFIX_BYTES];
    BE_INT.set(bound, 0, namespace);
    bound[TYPE_OFFSET] = type;
    return bound;
  }

  static byte[] afterType(int namespace, byte type) {
    return type(namespace, (byte) (type + 1));
  }

  /// Lower bound of the expiry rows of `time` and later.
  static byte[] expiryBound(int namespace, long time) {
    byte[] bound = new byte[EXPIRY_PREFIX_BYTES];
    BE_INT.set(bound, 0, namespace);
    bound[TYPE_OFFSET] = EXPIRY;
    BE_LONG.set(bound, TIME_OFFSET, time);
    return bound;
  }

  /// Bound at a client's key among the metadata rows.
  static byte[] metadataBound(int namespace, byte[] key) {
    byte[] bound = new byte[METADATA_PREFIX_BYTES + key.length];
    BE_INT.set(bound, 0, namespace);
    bound[TYPE_OFFSET] = METADATA;
    System.arraycopy(key, 0, bound, METADATA_PREFIX_BYTES, key.length);
    return bound;
  }

  /// Bound at the start of a namespace.
  static byte[] namespace(int namespace) {
    byte[] bound = new byte[Integer.BYTES];
    BE_INT.set(bound, 0, namespace);
    return bound;
  }
}
