package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.cache.ReadContext;
import java.util.Arrays;

/// Draws versions from a range of a table at random: a block by its number, then an entry of it.
/// Blocks are about the same size, so each entry has about the same chance among its like.
public final class TableDraw {
  private static final long FIRST_VERSION = InternalKey.seekTrailer(SequenceNumber.MAX);

  private final TableReader table;
  private final int firstBlock;
  private final int blocks;

  private TableDraw(TableReader table, int firstBlock, int blocks) {
    this.table = table;
    this.firstBlock = firstBlock;
    this.blocks = blocks;
  }

  /// The blocks of a table that may have keys of `[lower, upper)`.
  public static TableDraw of(TableReader table, byte[] lower, byte[] upper) {
    TableIndex index = table.index();
    int first = index.find(lower, 0, lower.length, FIRST_VERSION);
    int last = index.find(upper, 0, upper.length, FIRST_VERSION);
    int end = Math.min(last + 1, index.blocks());
    return new TableDraw(table, first, Math.max(0, end - first));
  }

  /// About how many entries can be drawn.
  public long entries() {
    int all = table.index().blocks();
    return all == 0 ? 0 : Math.max(blocks, table.properties().entries() * blocks / all);
  }

  /// Draws one; false if there is none. May throw `NeedsBlocks`.
  public boolean draw(ReadContext context, long random, DrawnKey out) {
    if (blocks == 0) {
      return false;
    }
    int block = firstBlock + (int) Long.remainderUnsigned(random, blocks);
    try (var entries = new TableIterator(table, context)) {
      entries.seekToAny(block, DrawnKey.mix(random));
      if (!entries.isValid()) {
        return false;
      }
      out.set(
          Arrays.copyOf(entries.keyBuffer(), entries.keyLength()),
          InternalKey.sequence(entries.trailer()));
      return true;
    }
  }
}
