package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;

/// Collects the hashes of a table's keys and lays out their filter when their number is known. They
/// are in native memory: a table of small, well compressed entries has millions.
final class TableFilterBuilder implements AutoCloseable {
  private static final int HASHES_BYTES_INITIAL = 64 << 10;
  private static final int LINE_BITS = TableFilter.LINE_BYTES * Byte.SIZE;
  private static final double PROBES_PER_BIT = 0.6; // less than ln 2: all bits fall in one line
  private static final int LINES_MAX = (1 << 30) / TableFilter.LINE_BYTES;

  private final int bitsPerKey;
  private final NativeBuffer hashes =
      new NativeBuffer(HASHES_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);
  private long last;

  TableFilterBuilder(int bitsPerKey) {
    this.bitsPerKey = bitsPerKey;
  }

  /// Adds a key; its versions stand next to each other and count once.
  void add(long hash) {
    if (bitsPerKey == 0 || (hash == last && !isEmpty())) {
      return;
    }
    hashes.putLong(hash);
    last = hash;
  }

  boolean isEmpty() {
    return hashes.length() == 0;
  }

  /// Appends the filter block.
  void finish(NativeBuffer target) {
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

  @Override
  public void close() {
    hashes.close();
  }
}
