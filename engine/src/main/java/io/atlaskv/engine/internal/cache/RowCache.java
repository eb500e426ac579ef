package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.internal.base.NativeBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.LongAdder;

/// Single rows of tables that are read again and again, for when their blocks are not cached (ADR
/// 0012).
///
/// A row is named by the file of its table and the hash of its key; what its bytes mean, and
/// whether the key is that very one, is the caller's matter. As a table never changes, no row ever
/// becomes wrong: what is written, deleted or merged later is in other memtables and tables, which
/// readers ask first. The rows of a table go with it.
///
/// A row is taken in when it is missed for the second time within as many misses as there is room
/// for rows, or a little more: what is read once leaves no more than a mark. The marks also say at
/// the price of one line that a row is not worth looking for (`isKnown`). That of a key which was
/// missed twice takes two others to be overwritten; a row whose mark is gone is found again with
/// the next miss but one.
///
/// Thread-safe; lookups are lock-free and make no garbage.
public final class RowCache {
  /// Larger rows are not kept: their blocks have little else.
  public static final int ROW_BYTES_MAX = 1 << 10;

  private static final int BYTES_PER_MARK = 64;
  private static final int MARK_BYTES = Short.BYTES;
  private static final int MARK_SHIFT = 40; // bits of the hash that little else is made of
  private static final int IN_USE = 2; // of a mark: its key was missed twice

  private final BlockCache rows;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment marks; // of keys missed lately: bits of the hash each
  private final long markMask;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /// A cache of that many bytes, those of the marks included.
  RowCache(long capacityBytes, boolean poisons) {
    long count = Long.highestOneBit(capacityBytes / BYTES_PER_MARK);
    marks = arena.allocate(count * MARK_BYTES, MARK_BYTES);
    markMask = count - 1;
    rows = BlockCache.ofRows(capacityBytes - marks.byteSize(), poisons);
  }

  /// Pins a row for `out`; false if it is not here.
  public boolean pin(long fileNumber, long keyHash, PinnedBlock out) {
    boolean isHit = rows.pin(fileNumber, keyHash, true, out);
    (isHit ? hits : misses).increment();
    return isHit;
  }

  /// Whether a key was missed lately; now it was. If not, its row is not to be asked for; if so,
  /// and `pin` does not find it, it is to be taken in. Threads may overwrite each other's marks.
  public boolean isKnown(long keyHash) {
    long at = (SlotTable.hash(0, keyHash) & markMask) * MARK_BYTES;
    short mark = (short) (keyHash >>> MARK_SHIFT | 1);
    short found = marks.get(ValueLayout.JAVA_SHORT, at);
    if ((found | IN_USE) == (mark | IN_USE)) {
      marks.set(ValueLayout.JAVA_SHORT, at, (short) (mark | IN_USE));
      return true;
    }
    boolean isInUse = (found & IN_USE) != 0;
    marks.set(ValueLayout.JAVA_SHORT, at, (short) (isInUse ? found & ~IN_USE : mark & ~IN_USE));
    return false;
  }

  /// Buffers to put rows together in.
  public BufferPool buffers() {
    return rows.buffers();
  }

  /// Takes in a row of at most `ROW_BYTES_MAX`, all that `row` holds.
  public void insert(long fileNumber, long keyHash, NativeBuffer row) {
    rows.insert(fileNumber, keyHash, row.segment(), 0, row.length(), false);
  }

  /// Drops the rows of a table that is closed.
  void evictFile(long fileNumber) {
    rows.evictFile(fileNumber);
  }

  /// Bytes in use, descriptors and tables included.
  public long bytes() {
    return rows.bytes() + marks.byteSize();
  }

  /// Rows held.
  public long rowCount() {
    return rows.blockCount();
  }

  /// Reads answered by a row, each instead of a block.
  public long hits() {
    return hits.sum();
  }

  /// Reads that found no row.
  public long misses() {
    return misses.sum();
  }

  /// Frees all memory. Nothing may be pinned, no thread may use it any more.
  void close() {
    rows.close();
    arena.close();
  }
}
