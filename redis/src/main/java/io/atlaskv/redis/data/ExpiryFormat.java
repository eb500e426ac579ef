package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Value of a row of the expiry index.
///
/// ```
/// offset  size  field
///      0     1  flags; bit 0: the key has no rows but its metadata row
/// ```
///
/// A row without it, of an older store, says nothing of other rows.
final class ExpiryFormat {
  static final int BYTES = 1;

  private static final byte ALONE = 1;

  private ExpiryFormat() {}

  static void write(MemorySegment target, long at, boolean isAlone) {
    target.set(Layouts.BYTE, at, isAlone ? ALONE : 0);
  }

  /// True if the key can be deleted by its metadata row alone.
  static boolean isAlone(MemorySegment source, long at, int length) {
    return length >= BYTES && (source.get(Layouts.BYTE, at) & ALONE) != 0;
  }
}
