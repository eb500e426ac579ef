package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.NativeBuffer;
import java.util.Arrays;

/// Collects the hashes of a table's keys and lays out their filter when their number is known.
final class TableFilterBuilder {
  private static final int LINE_BITS = TableFilter.LINE_BYTES * Byte.SIZE;
  private static final double PROBES_PER_BIT = 0.6; // less than ln 2: all bits fall in one line
  private static final int LINES_MAX = (1 << 30) / TableFilter.LINE_BYTES;

  private final int bitsPerKey;
  private long[] hashes = new long[1024];
  private int count;

  TableFilterBuilder(int bitsPerKey) {
    this.bitsPerKey = bitsPerKey;
  }

  /// Adds a key; its versions stand next to each other and count once.
  void add(long hash) {
    if (bitsPerKey == 0 || (count > 0 && hashes[count - 1] == hash)) {
      return;
    }
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    hashes[count++] = hash;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Appends the filter block.
  void finish(NativeBuffer target) {
    long bits = (long) count * bitsPerKey;
    int lines = (int) Math.min(LINES_MAX, Math.max(1, (bits + LINE_BITS - 1) / LINE_BITS));
    int probes = Math.clamp(Math.round(bitsPerKey * PROBES_PER_BIT), 1, TableFilter.PROBES_MAX);
    int bytes = lines * TableFilter.LINE_BYTES;
    int start = target.reserve(bytes);
    target.segment().asSlice(start, bytes).fill((byte) 0);
    for (int i = 0; i < count; i++) {
      TableFilter.add(target.segment(), start, lines, probes, hashes[i]);
    }
    target.putLong(probes);
  }
}
