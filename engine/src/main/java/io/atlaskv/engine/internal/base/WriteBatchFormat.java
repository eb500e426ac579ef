package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;

/// A batch: operations that take effect together. Its bytes name no sequence, file or offset, so
/// the same bytes go to the log, to a replica and into a restore.
///
/// ```
/// offset  size  field
///      0     4  CRC32C of all that follows
///      4     4  bytes of operations
///      8     4  operations that take a sequence
///     12        operations, back to back
///
/// operation
///   PUT           kind, varint keyLength, key, varint valueLength, value
///   DELETE        kind, varint keyLength, key
///   RANGE_DELETE  kind, varint startLength, start, varint endLength, end
///   COUNTER       kind, u32 namespace (big-endian), u8 counter, varint zigzag(delta)
///   PUT_EXPIRING  kind, varint keyLength, key, varint storedLength, u64 expiry (ms), value
/// ```
///
/// Operations take consecutive sequences in the order they stand in; COUNTER takes none, so a batch
/// of counters alone takes none at all.
public final class WriteBatchFormat {
  public static final int CRC_OFFSET = 0;
  public static final int LENGTH_OFFSET = 4;
  public static final int OPERATIONS_OFFSET = 8;

  /// Size of the header.
  public static final int HEADER_BYTES = 12;

  /// Largest batch, header included.
  public static final int BATCH_BYTES_MAX = 1 << 30;

  /// Namespace, counter number; the delta follows.
  static final int COUNTER_PREFIX_BYTES = Integer.BYTES + Byte.BYTES;

  private WriteBatchFormat() {}

  /// Size of the batch at `offset`, header included, or -1 if none can lie there before `limit`.
  /// Looks at the length field only.
  public static long bytesAt(MemorySegment source, long offset, long limit) {
    if (limit - offset < HEADER_BYTES) {
      return -1;
    }
    int length = source.get(Layouts.LE_INT, offset + LENGTH_OFFSET);
    if (length < 0 || length > limit - offset - HEADER_BYTES) {
      return -1;
    }
    return (long) HEADER_BYTES + length;
  }

  /// Operations that take a sequence, as the header at `offset` says.
  public static int operationsAt(MemorySegment source, long offset) {
    return source.get(Layouts.LE_INT, offset + OPERATIONS_OFFSET);
  }
}
