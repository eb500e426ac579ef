package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Prefetch;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import java.lang.foreign.MemorySegment;

/// Notes the lines of a data block that a point read will look at: in two steps, to be taken for
/// many blocks each. A guess, of which nothing depends but time.
final class DataBlockPrefetch {
  private static final int LINE_BYTES = 64;

  private DataBlockPrefetch() {}

  /// Header, tags and restart points.
  static void head(PinnedBlock block, Prefetch prefetch) {
    prefetch.place(0, block.segment(), block.base());
    prefetch.place(1, block.segment(), block.base() + LINE_BYTES);
  }

  /// Where an entry and its value are, or nearly so: what lies between two restart points is taken
  /// to be of equal size. The head must be at hand.
  ///
  /// @param entry its number, or `DataBlockSearch.ANY_ENTRY` for the first with the tag
  static void entry(PinnedBlock block, int entry, byte tag, Prefetch prefetch) {
    MemorySegment segment = block.segment();
    long base = block.base();
    int count = DataBlockLayout.count(segment, base);
    long sequenceAndShift = DataBlockLayout.sequenceAndShift(segment, base);
    int shift = DataBlockLayout.restartShift(sequenceAndShift);
    int restarts = DataBlockLayout.restarts(count, shift);
    long tags = base + DataBlockLayout.COMMON_OFFSET + DataBlockLayout.commonLength(segment, base);
    long keysAt = tags + DataBlockLayout.searchBytes(count, restarts, sequenceAndShift);
    int valuesOffset = DataBlockLayout.valuesOffset(segment, base);
    long keysEnd = base + valuesOffset;
    if (keysAt >= keysEnd || valuesOffset > block.length()) {
      return; // malformed, as the read itself will say
    }
    int ordinal =
        entry == DataBlockSearch.ANY_ENTRY
            ? DataBlockSearch.firstWithTag(segment, tags, count, tag)
            : entry;
    if (ordinal >= count) {
      return;
    }
    int restart = ordinal >>> shift;
    int within = ordinal - (restart << shift);
    boolean isLast = restart + 1 == restarts;
    long keyOffsetAt = tags + count + (long) restart * Short.BYTES;
    long valueOffsetAt = keyOffsetAt + (long) restarts * Short.BYTES;
    long keys = keysAt + offset(segment, keyOffsetAt);
    long keysNext = isLast ? keysEnd : keysAt + offset(segment, keyOffsetAt + Short.BYTES);
    long values = keysEnd + offset(segment, valueOffsetAt);
    long valuesNext =
        isLast ? base + block.length() : keysEnd + offset(segment, valueOffsetAt + Short.BYTES);
    long key = keys + Math.max(0, ((keysNext - keys) * within) >> shift);
    long valueBytes = Math.max(0, (valuesNext - values) >> shift);
    long value = values + valueBytes * within;
    prefetch.place(0, segment, value);
    prefetch.place(1, segment, keys);
    prefetch.place(2, segment, key);
    prefetch.place(3, segment, (keys + key) >>> 1);
    prefetch.place(4, segment, value + LINE_BYTES);
    if (valueBytes > LINE_BYTES) {
      prefetch.place(5, segment, value + 2 * LINE_BYTES);
    }
  }

  private static int offset(MemorySegment segment, long at) {
    return segment.get(Layouts.LE_SHORT, at) & 0xffff;
  }
}
