package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Value of a row of the expiry index.
///
/// ```
/// offset  size  field
///      0     4  bytes of the key's value if its metadata row is its only one, else -1
///               (little-endian)
/// ```
///
/// A row without it says nothing of other rows.
final class ExpiryFormat {
  static final int BYTES = Integer.BYTES;

  /// In place of the bytes: the key may have other rows.
  static final int OTHERS = -1;

  private ExpiryFormat() {}

  static void write(MemorySegment target, long at, int aloneBytes) {
    target.set(Layouts.LE_INT, at, aloneBytes);
  }

  /// Bytes of the value of a key that can be deleted by its metadata row alone, or `OTHERS`.
  static int aloneBytes(MemorySegment source, long at, int length) {
    return length == BYTES ? source.get(Layouts.LE_INT, at) : OTHERS;
  }
}
