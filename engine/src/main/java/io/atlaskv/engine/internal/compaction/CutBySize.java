package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;

/// Ends a table at its target size, or early when it would overlap too much of the level below the
/// output's: the table would be expensive to compact later.
final class CutBySize implements TableMerge.CutRule {
  private final long tableBytes;
  private final long overlapBytesMax;
  private final byte[][] ends; // largest keys of the grandparents
  private final long[] bytes;
  private int place;
  private long overlapBytes;

  /// @param grandparents tables below the output level, in key order
  CutBySize(CompactionOptions options, List<TableMeta> grandparents) {
    tableBytes = options.tableBytes();
    overlapBytesMax = options.tableBytes() * options.grandparentTables();
    ends = grandparents.stream().map(table -> table.largest().toArray()).toArray(byte[][]::new);
    bytes = grandparents.stream().mapToLong(TableMeta::bytes).toArray();
  }

  @Override
  public boolean isBefore(byte[] key, int length, long writtenBytes) {
    while (place < ends.length
        && KeyBytes.compare(ends[place], 0, ends[place].length, key, 0, length) < 0) {
      if (writtenBytes > 0) {
        overlapBytes += bytes[place];
      }
      place++;
    }
    if (writtenBytes >= tableBytes || (writtenBytes > 0 && overlapBytes > overlapBytesMax)) {
      overlapBytes = 0;
      return true;
    }
    return false;
  }
}
