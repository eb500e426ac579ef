package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;

/// What is stored of a `PUT_EXPIRING`, in batches, memtables and tables alike.
///
/// ```
/// offset  size  field
///      0     8  when it expires, in milliseconds since 1970; not negative
///      8        value
/// ```
///
/// It is *due*, and to readers as if deleted, from that millisecond on, by the clock of the process
/// that reads.
public final class ExpiringValue {
  public static final int TIME_OFFSET = 0;

  /// Bytes before the value.
  public static final int HEADER_BYTES = Long.BYTES;

  private ExpiringValue() {}

  /// When the value stored at `offset` expires.
  public static long expiresAt(MemorySegment source, long offset) {
    return source.get(Layouts.LE_LONG, offset + TIME_OFFSET);
  }

  /// Writes the time before a value.
  public static void putTime(MemorySegment target, long offset, long expiresAtMillis) {
    target.set(Layouts.LE_LONG, offset + TIME_OFFSET, expiresAtMillis);
  }

  /// Whether a value is hidden at a time.
  public static boolean isDue(long expiresAtMillis, long nowMillis) {
    return nowMillis >= expiresAtMillis;
  }
}
