package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;

/// Lays out a filter when the hashes of all that is in it are known.
final class TableFilterBuilder {
  private static final int LINE_BITS = TableFilter.LINE_BYTES * Byte.SIZE;
  private static final double PROBES_PER_BIT = 0.6; // less than ln 2: all bits fall in one line
  private static final int LINES_MAX = (1 << 30) / TableFilter.LINE_BYTES;

  private TableFilterBuilder() {}

  /// Appends the filter.
  ///
  /// @param hashes longs, one a key
  static void append(NativeBuffer hashes, int bitsPerKey, NativeBuffer target) {
    int count = hashes.length() / Long.BYTES;
    long bits = (long) count * bitsPerKey;
    int lines = (int) Math.min(LINES_MAX, Math.max(1, (bits + LINE_BITS - 1) / LINE_BITS));
    int probes = Math.clamp(Math.round(bitsPerKey * PROBES_PER_BIT), 1, TableFilter.PROBES_MAX);
    int bytes = lines * TableFilter.LINE_BYTES;
    int start = target.reserve(bytes);
    target.segment().asSlice(start, bytes).fill((byte) 0);
    for (int i = 0; i < count; i++) {
      long hash = hashes.segment().get(Layouts.LE_LONG, (long) i * Long.BYTES);
      TableFilter.add(target.segment(), start, lines, probes, hash);
    }
    target.putLong(probes);
  }
}
