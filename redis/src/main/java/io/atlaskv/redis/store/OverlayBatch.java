package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// A batch whose changes can be read before it is committed, through an `OverlayReader`. Passes
/// every change on to the batch it is made over, and remembers where there it has put it.
///
/// Invariants:
/// - O1: rows are numbered as they were changed; the newest number of a key is in the table.
/// - O2: a deletion of a range counts for the rows numbered below its order, so a row is what its
///   newest number says, unless a deletion that covers it has a higher order.
/// - O3: what a row holds is read in place: the batch keeps the memory that it grows out of.
public final class OverlayBatch implements Batch {
  /// Answer of `find`: this batch says nothing of the row.
  static final int UNTOUCHED = -1;

  /// Answer of `find`: this batch deletes the row.
  static final int DELETED = -2;

  private static final int ROWS_FIRST = 16;
  private static final int ROWS_KEPT = 1024;
  private static final int EMPTY = 0; // in the table: else a number + 1
  private static final int TOMBSTONE = -1; // as length of a value
  private static final long SEED =
      ThreadLocalRandom.current().nextLong(); // clients choose the keys

  private final Batch batch;
  private int[] keyOffsets = new int[ROWS_FIRST];
  private int[] keyLengths = new int[ROWS_FIRST];
  private int[] valueOffsets = new int[ROWS_FIRST];
  private int[] valueLengths = new int[ROWS_FIRST];
  private int[] hashes = new int[ROWS_FIRST];
  private int[] table = new int[2 * ROWS_FIRST];
  private int rows;
  private int distinct;
  private DeletedRanges ranges = new DeletedRanges();
  private boolean areRangesShared;
  private int[] sorted = {};
  private boolean isSorted = true;
  private long[] counters = new long[4];
  private long[] deltas = new long[4];
  private int counted;

  public OverlayBatch(Batch batch) {
    this.batch = batch;
  }

  /// Starts anew: from now on what is written can be read.
  public void begin() {
    clear();
    batch.keepMemory();
  }

  // --- changes

  @Override
  public int put(byte[] key, int offset, int length, int valueLength) {
    int at = batch.put(key, offset, length, valueLength);
    add(key, offset, length, at, valueLength);
    return at;
  }

  @Override
  public void delete(byte[] key, int offset, int length) {
    batch.delete(key, offset, length);
    add(key, offset, length, 0, TOMBSTONE);
  }

  @Override
  public void deleteRange(byte[] start, byte[] end) {
    batch.deleteRange(start, end);
    if (areRangesShared) {
      ranges = new DeletedRanges(ranges);
      areRangesShared = false;
    }
    ranges.add(start.clone(), end.clone(), rows);
    isSorted = false;
  }

  @Override
  public void count(int namespace, int counterId, long delta) {
    batch.count(namespace, counterId, delta);
    long counter = counterOf(namespace, counterId);
    int i = counted - 1;
    while (i >= 0 && counters[i] != counter) {
      i--;
    }
    if (i >= 0) {
      deltas[i] += delta;
      return;
    }
    if (counted == counters.length) {
      counters = Arrays.copyOf(counters, 2 * counted);
      deltas = Arrays.copyOf(deltas, 2 * counted);
    }
    counters[counted] = counter;
    deltas[counted] = delta;
    counted++;
  }

  /// What this batch adds to a counter.
  public long counted(int namespace, int counterId) {
    long counter = counterOf(namespace, counterId);
    for (int i = counted - 1; i >= 0; i--) {
      if (counters[i] == counter) {
        return deltas[i];
      }
    }
    return 0;
  }

  private static long counterOf(int namespace, int counterId) {
    return (long) namespace << Byte.SIZE | counterId;
  }

  private void add(byte[] key, int offset, int length, int valueOffset, int valueLength) {
    if (rows == keyOffsets.length) {
      keyOffsets = Arrays.copyOf(keyOffsets, 2 * rows);
      keyLengths = Arrays.copyOf(keyLengths, 2 * rows);
      valueOffsets = Arrays.copyOf(valueOffsets, 2 * rows);
      valueLengths = Arrays.copyOf(valueLengths, 2 * rows);
      hashes = Arrays.copyOf(hashes, 2 * rows);
    }
    int hash = hashOf(key, offset, length);
    keyOffsets[rows] = batch.keyOffset();
    keyLengths[rows] = length;
    valueOffsets[rows] = valueOffset;
    valueLengths[rows] = valueLength;
    hashes[rows] = hash;
    int slot = slot(hash, key, offset, length);
    if (table[slot] == EMPTY) {
      distinct++;
    }
    table[slot] = ++rows; // the number of this row + 1
    isSorted = false;
    if (2 * distinct > table.length) {
      growTable();
    }
  }

  private void growTable() {
    int[] old = table;
    table = new int[2 * old.length];
    int mask = table.length - 1;
    for (int entry : old) {
      if (entry != EMPTY) {
        int at = hashes[entry - 1] & mask;
        while (table[at] != EMPTY) {
          at = at + 1 & mask;
        }
        table[at] = entry;
      }
    }
  }

  private static int hashOf(byte[] key, int offset, int length) {
    return (int) Hash64.hash(SEED, key, offset, length);
  }

  /// Where the table has a key, or where it belongs.
  private int slot(int hash, byte[] key, int offset, int length) {
    int mask = table.length - 1;
    int at = hash & mask;
    while (table[at] != EMPTY && !isRow(table[at] - 1, hash, key, offset, length)) {
      at = at + 1 & mask;
    }
    return at;
  }

  private boolean isRow(int row, int hash, byte[] key, int offset, int length) {
    return hashes[row] == hash
        && keyLengths[row] == length
        && KeyBytes.equal(key, offset, batch.segment(), keyOffsets[row], length);
  }

  // --- reads

  /// The number of the row that this batch puts under a key, or `DELETED` or `UNTOUCHED`.
  int find(byte[] key, int offset, int length) {
    if (rows == 0 && ranges.isEmpty()) {
      return UNTOUCHED;
    }
    int row = table[slot(hashOf(key, offset, length), key, offset, length)] - 1;
    int order = ranges.orderAt(key, offset, length);
    if (order > row) { // O2; so it is if there is no row
      return DELETED;
    }
    if (row < 0) {
      return UNTOUCHED;
    }
    return isPut(row) ? row : DELETED;
  }

  /// True if the row of this number is put, not deleted.
  boolean isPut(int row) {
    return valueLengths[row] != TOMBSTONE;
  }

  long valueOffset(int row) {
    return valueOffsets[row];
  }

  int valueLength(int row) {
    return Math.max(0, valueLengths[row]);
  }

  int keyLength(int row) {
    return keyLengths[row];
  }

  /// Copies a row's key to the start of `target`.
  void copyKey(int row, byte[] target) {
    MemorySegment.copy(batch.segment(), Layouts.BYTE, keyOffsets[row], target, 0, keyLengths[row]);
  }

  /// Order of a row's key and another one.
  int compareKey(int row, byte[] key, int length) {
    return KeyBytes.compare(batch.segment(), keyOffsets[row], keyLengths[row], key, 0, length);
  }

  /// Numbers of the rows that this batch puts or deletes one by one, the newest of each key, in the
  /// order of their keys. Never changed: the next change makes another array.
  int[] sorted() {
    if (!isSorted) {
      sorted =
          Arrays.stream(table)
              .filter(entry -> entry != EMPTY && !isCovered(entry - 1))
              .mapToObj(entry -> entry - 1)
              .sorted(this::compareKeys)
              .mapToInt(Integer::intValue)
              .toArray();
      isSorted = true;
    }
    return sorted;
  }

  private boolean isCovered(int row) {
    if (ranges.isEmpty()) {
      return false;
    }
    byte[] key = new byte[keyLengths[row]];
    copyKey(row, key);
    return ranges.orderAt(key, 0, key.length) > row;
  }

  private int compareKeys(int left, int right) {
    MemorySegment memory = batch.segment();
    return KeyBytes.compare(
        memory, keyOffsets[left], keyLengths[left], memory, keyOffsets[right], keyLengths[right]);
  }

  /// The ranges that this batch deletes. Never changed.
  DeletedRanges ranges() {
    areRangesShared = true;
    return ranges;
  }

  // --- the rest

  @Override
  public MemorySegment segment() {
    return batch.segment();
  }

  @Override
  public int keyOffset() {
    return batch.keyOffset();
  }

  @Override
  public void read(BatchReader reader) {
    batch.read(reader);
  }

  @Override
  public void keepMemory() {
    batch.keepMemory();
  }

  @Override
  public boolean isEmpty() {
    return batch.isEmpty();
  }

  @Override
  public int length() {
    return batch.length();
  }

  @Override
  public void clear() {
    batch.clear();
    counted = 0;
    if (!ranges.isEmpty()) {
      ranges = new DeletedRanges();
      areRangesShared = false;
    }
    sorted = new int[0];
    isSorted = true;
    if (keyOffsets.length > ROWS_KEPT) {
      keyOffsets = new int[ROWS_FIRST];
      keyLengths = new int[ROWS_FIRST];
      valueOffsets = new int[ROWS_FIRST];
      valueLengths = new int[ROWS_FIRST];
      hashes = new int[ROWS_FIRST];
      table = new int[2 * ROWS_FIRST];
    } else if (rows > 0) {
      Arrays.fill(table, EMPTY);
    }
    rows = 0;
    distinct = 0;
  }

  /// The batch below is closed by who made it.
  @Override
  public void close() {
    clear();
  }
}
