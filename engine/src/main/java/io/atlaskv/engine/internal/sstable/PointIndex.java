package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Prefetch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where the newest version of each key of a table stands: data block and entry. An open hash table
/// of 64-byte lines, in memory only. One line answers for filter, index and tags together.
///
/// ```
/// offset  size  field
///      0    24  fingerprints of 12 keys: 16 bits of the hash, never 0; 0 = free slot
///     24    36  their places, 24 bits: block << entryBits | entry
///     60     4  passed: bits of keys that were to stand here, or came by, and stand further on
/// ```
///
/// A key stands in the first line of its chain that had a free slot. The chain begins where the
/// hash says and has `LINES_MAX` lines, 1, 2, 4 or 8 apart, as the hash says too: so full lines
/// next to each other do not fill those behind them. Entries with a number that does not fit have
/// the largest one that does, which says: somewhere in that block.
///
/// Invariants:
/// - P1: it is complete before anybody but its maker sees it, and never changes: the writer of the
///   table makes it, hands it to the version set's opener by `PointIndexes`, and the table's reader
///   owns it from then on. `PointIndexing` makes it for a reader that is open, which takes it once.
/// - P2: of every key in the table, either the first line of its chain that does not have the key's
///   `passed` bit, or one before that, has its fingerprint and place, or all lines of its chain
///   have that bit. So `ABSENT` is never said of a key that is in the table: the worst that many
///   keys of one hash can do is `UNKNOWN`.
/// - P3: a candidate is a guess: the key that stands there must be compared. Other keys may have
///   the same line and fingerprint, then `next` goes on.
/// - P4: its memory lives as long as the reader's: whoever may use the reader may use it.
final class PointIndex implements AutoCloseable {
  /// The table has no entry of a key with that hash.
  static final long ABSENT = -1;

  /// There is no room for an answer: ask filter and index.
  static final long UNKNOWN = -2;

  static final int LINE_BYTES = 64;
  static final int SLOTS = 12;
  static final int PLACE_BITS = 24;
  private static final int LINES_MAX = 8;
  private static final int TOUCHED_AHEAD = 16;
  private static final int PLACES_OFFSET = SLOTS * Short.BYTES;
  private static final int PLACE_BYTES = 3;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final int PASSED_OFFSET = PLACES_OFFSET + SLOTS * PLACE_BYTES;
  private static final long LANES = 0x0001000100010001L;
  private static final long LANES_LOW_BITS = 0x7fff7fff7fff7fffL;
  private static final int LANES_PER_WORD = Long.SIZE / Short.SIZE;
  private static final int STEP_SHIFT =
      Byte.SIZE + Short.SIZE + 5; // after fingerprint and passed bit
  private static final int STEP_MASK = 3;
  private static final int BIT_BITS = 6; // of the number of a bit in what `matches` gives
  private static final int BIT_MASK = (1 << BIT_BITS) - 1;

  private final Arena arena;
  private final MemorySegment lines;
  private final long lineCount;
  private final int entryBits;
  private final int entryMask;
  private final PointIndexes owner;
  private long sum;

  /// Takes over empty lines in memory of `arena`.
  private PointIndex(Arena arena, MemorySegment lines, int entryBits, PointIndexes owner) {
    this.arena = arena;
    this.lines = lines;
    this.lineCount = lines.byteSize() / LINE_BYTES;
    this.entryBits = entryBits;
    this.entryMask = (1 << entryBits) - 1;
    this.owner = owner;
  }

  /// Memory for so many keys, of which it fills four fifths.
  static long bytesFor(int keys) {
    long perLine = SLOTS * 4L;
    long lines = (keys * 5L + perLine - 1) / perLine;
    return (lines | 1) * LINE_BYTES; // odd: steps of a power of two come to every line
  }

  /// Bits that are left for the number of an entry in its block; less than 0 if there are none.
  static int entryBits(int blocks) {
    return PLACE_BITS - (Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, blocks - 1)));
  }

  /// Makes the index of all keys of a table, in memory that `owner` has counted.
  static PointIndex of(TableKeys keys, long bytes, PointIndexes owner) {
    Arena arena = Arena.ofShared();
    PointIndex index = null;
    try {
      MemorySegment lines = arena.allocate(bytes, LINE_BYTES);
      var made = new PointIndex(arena, lines, entryBits(keys.blocks()), owner);
      made.addAll(keys);
      index = made;
      return made;
    } finally {
      if (index == null) {
        arena.close();
      }
    }
  }

  private void addAll(TableKeys keys) {
    int block = 0;
    int blockStart = 0;
    for (int i = 0; i < keys.count(); i++) {
      if (i % TOUCHED_AHEAD == 0) {
        touch(keys, i);
      }
      int ordinal = keys.ordinal(i);
      while (ordinal >= keys.blockEnd(block)) {
        blockStart = keys.blockEnd(block);
        block++;
      }
      add(keys.hash(i), block << entryBits | Math.min(ordinal - blockStart, entryMask));
    }
  }

  /// Has the processor bring the lines of the next keys, all at the same time (`Prefetch`).
  private void touch(TableKeys keys, int from) {
    int to = Math.min(from + TOUCHED_AHEAD, keys.count());
    long total = 0;
    for (int i = from; i < to; i++) {
      total += lines.get(Layouts.LE_LONG, line(keys.hash(i)) * LINE_BYTES);
    }
    sum += total; // so that reading is of use, and is not left out
  }

  private void add(long hash, int place) {
    long line = line(hash);
    for (int i = 0; i < LINES_MAX; i++) {
      long at = line * LINE_BYTES;
      long free = matches(at, 0);
      if (free != 0) {
        put(at, slot(Long.numberOfTrailingZeros(free)), fingerprint(hash), place);
        return;
      }
      int passed = lines.get(Layouts.LE_INT, at + PASSED_OFFSET);
      lines.set(Layouts.LE_INT, at + PASSED_OFFSET, passed | passedBit(hash));
      line = after(line, hash);
    }
  }

  private void put(long at, int slot, long fingerprint, int place) {
    lines.set(Layouts.LE_SHORT, at + (long) slot * Short.BYTES, (short) fingerprint);
    long placeAt = at + PLACES_OFFSET + (long) slot * PLACE_BYTES;
    lines.set(Layouts.LE_SHORT, placeAt, (short) place);
    lines.set(Layouts.BYTE, placeAt + Short.BYTES, (byte) (place >>> Short.SIZE));
  }

  long bytes() {
    return lines.byteSize();
  }

  /// Notes the line that `first` reads.
  void prefetch(long hash, Prefetch prefetch, int rank) {
    prefetch.place(rank, lines, line(hash) * LINE_BYTES);
  }

  /// The first candidate for a key with that hash, or `ABSENT` or `UNKNOWN`.
  long first(long hash) {
    return find(hash, line(hash), 0, -1);
  }

  /// The candidate after one that was another key, or `ABSENT` or `UNKNOWN`.
  long next(long hash, long candidate) {
    int cursor = (int) (candidate >>> Integer.SIZE);
    int passedLines = cursor >>> BIT_BITS;
    long line = line(hash);
    for (int i = 0; i < passedLines; i++) {
      line = after(line, hash);
    }
    return find(hash, line, passedLines, -2L << (cursor & BIT_MASK));
  }

  /// Data block of a candidate.
  int block(long candidate) {
    return ((int) candidate & PLACE_MASK) >>> entryBits;
  }

  /// Number of a candidate's entry in its block, or `DataBlockSearch.ANY_ENTRY`.
  int entry(long candidate) {
    int entry = (int) candidate & entryMask;
    return entry == entryMask ? DataBlockSearch.ANY_ENTRY : entry;
  }

  /// Candidate: lines passed and the bit of `matches`, then the place.
  private long find(long hash, long firstLine, int linesPassed, long allowed) {
    long pattern = fingerprint(hash) * LANES;
    long line = firstLine;
    long mask = allowed;
    for (int i = linesPassed; i < LINES_MAX; i++) {
      long at = line * LINE_BYTES;
      long found = matches(at, pattern) & mask;
      if (found != 0) {
        int bit = Long.numberOfTrailingZeros(found);
        long placeAt = at + PLACES_OFFSET + (long) slot(bit) * PLACE_BYTES;
        int place = lines.get(Layouts.LE_INT, placeAt) & PLACE_MASK; // at most one byte too many
        return (long) (i << BIT_BITS | bit) << Integer.SIZE | place;
      }
      if ((lines.get(Layouts.LE_INT, at + PASSED_OFFSET) & passedBit(hash)) == 0) {
        return ABSENT;
      }
      mask = -1;
      line = after(line, hash);
    }
    return UNKNOWN;
  }

  /// A bit for each slot of the line at `at` whose fingerprint is the one in all lanes of
  /// `pattern`: of slot `word * 4 + lane` it is bit `lane * 16 + word`.
  private long matches(long at, long pattern) {
    long first = equalLanes(lines.get(Layouts.LE_LONG, at) ^ pattern);
    long second = equalLanes(lines.get(Layouts.LE_LONG, at + Long.BYTES) ^ pattern);
    long third = equalLanes(lines.get(Layouts.LE_LONG, at + 2 * Long.BYTES) ^ pattern);
    return first >>> 15 | second >>> 14 | third >>> 13;
  }

  /// The high bit of each lane that is zero, exact for all lanes.
  private static long equalLanes(long word) {
    return ~(((word & LANES_LOW_BITS) + LANES_LOW_BITS) | word | LANES_LOW_BITS);
  }

  private static int slot(int bit) {
    return (bit & (Short.SIZE - 1)) * LANES_PER_WORD + (bit >>> 4);
  }

  private long line(long hash) {
    return Math.unsignedMultiplyHigh(hash, lineCount);
  }

  /// The line after one in the chain of a hash.
  private long after(long line, long hash) {
    long next = line + (1L << ((hash >>> STEP_SHIFT) & STEP_MASK));
    return next < lineCount ? next : next % lineCount;
  }

  /// Bits of the hash that name neither the line, for its upper bits do, nor the tag in the block.
  static long fingerprint(long hash) {
    long bits = (hash >>> Byte.SIZE) & 0xffff;
    return bits == 0 ? 1 : bits;
  }

  private static int passedBit(long hash) {
    return 1 << (int) (hash >>> (Byte.SIZE + Short.SIZE));
  }

  @Override
  public String toString() {
    return "lines=" + lineCount + " sum=" + sum;
  }

  /// Frees the memory.
  @Override
  public void close() {
    long bytes = bytes();
    arena.close();
    owner.freed(bytes);
  }
}
