package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Prefetch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Blocked Bloom filter over the keys of a table: all bits of a key lie in one 64-byte line, so
/// that a probe costs one cache miss. Resident.
///
/// ```
/// offset  size   field
///      0  64 n   lines
///   64 n     1   probes, bits set for each key
///            7   zero
/// ```
///
/// The line of a key is the upper half of the 128-bit product of its hash and the number of lines;
/// the bits in it are the top 9-bit pieces of another mix of the hash. Part of the file format.
final class TableFilter {
  static final int LINE_BYTES = 64;
  static final int TAIL_BYTES = 8;
  static final int PROBES_MAX = 7;
  private static final int BIT_INDEX_BITS = 9;
  private static final long MIX = 0x9e3779b97f4a7c15L;

  /// Says yes to everything.
  static final TableFilter NONE = new TableFilter(MemorySegment.NULL, 0, 0);

  private final MemorySegment lines;
  private final long lineCount;
  private final int probes;

  private TableFilter(MemorySegment lines, long lineCount, int probes) {
    this.lines = lines;
    this.lineCount = lineCount;
    this.probes = probes;
  }

  /// Copies a verified filter block to memory of `arena`.
  static TableFilter of(
      String file, long fileOffset, MemorySegment source, long at, int bytes, Arena arena) {
    int lineBytes = bytes - TAIL_BYTES;
    int probes = lineBytes < 0 ? 0 : source.get(Layouts.BYTE, at + lineBytes);
    if (lineBytes <= 0 || lineBytes % LINE_BYTES != 0 || probes < 1 || probes > PROBES_MAX) {
      throw new CorruptionException(
          file, fileOffset, "malformed filter: bytes=" + bytes + " probes=" + probes);
    }
    MemorySegment lines = arena.allocate(lineBytes, LINE_BYTES);
    MemorySegment.copy(source, at, lines, 0, lineBytes);
    return new TableFilter(lines, lineBytes / LINE_BYTES, probes);
  }

  long bytes() {
    return lines.byteSize();
  }

  /// Bits set for each key.
  int probes() {
    return probes;
  }

  /// False only if no key with that hash was added.
  boolean mayContain(long hash) {
    if (lineCount == 0) {
      return true;
    }
    long line = lineOffset(hash, lineCount);
    long bits = hash * MIX;
    for (int i = 0; i < probes; i++) {
      int bit = (int) (bits >>> (Long.SIZE - BIT_INDEX_BITS));
      long word = lines.get(Layouts.LE_LONG, line + (bit >>> 6) * (long) Long.BYTES);
      if ((word & (1L << bit)) == 0) {
        return false;
      }
      bits <<= BIT_INDEX_BITS;
    }
    return true;
  }

  /// Notes the line that `mayContain` will read.
  void prefetch(long hash, Prefetch prefetch, int rank) {
    if (lineCount != 0) {
      prefetch.place(rank, lines, lineOffset(hash, lineCount));
    }
  }

  /// Sets the bits of a key in lines that start at `at`.
  static void add(MemorySegment target, long at, long lineCount, int probes, long hash) {
    long line = at + lineOffset(hash, lineCount);
    long bits = hash * MIX;
    for (int i = 0; i < probes; i++) {
      int bit = (int) (bits >>> (Long.SIZE - BIT_INDEX_BITS));
      long wordAt = line + (bit >>> 6) * (long) Long.BYTES;
      target.set(Layouts.LE_LONG, wordAt, target.get(Layouts.LE_LONG, wordAt) | (1L << bit));
      bits <<= BIT_INDEX_BITS;
    }
  }

  private static long lineOffset(long hash, long lineCount) {
    return Math.unsignedMultiplyHigh(hash, lineCount) * LINE_BYTES;
  }
}
