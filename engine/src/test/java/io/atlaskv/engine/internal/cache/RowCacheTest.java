package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowCacheTest {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final int ROW = 120;

  private final PinnedBlock row = new PinnedBlock();

  /// A hash as a key has one.
  private static long hash(long key) {
    return SlotTable.hash(77, key);
  }

  private static BlockCache cache(long rowBytes) {
    return new BlockCache(0, rowBytes, true);
  }

  private static RowCache rows(BlockCache cache) {
    return Objects.requireNonNull(cache.rows());
  }

  private boolean isHere(RowCache rows, long fileNumber, long key) {
    boolean isHere = rows.pin(fileNumber, hash(key), row);
    if (isHere) {
      MadeRows.check(row, fileNumber, hash(key));
      row.release();
    }
    return isHere;
  }

  private static void insert(RowCache rows, long fileNumber, long key, int bytes) {
    MadeRows.insert(rows, fileNumber, hash(key), bytes);
  }

  /// What a point read does; true if it found the row.
  private boolean read(RowCache rows, long fileNumber, long key, int bytes) {
    if (!rows.isKnown(hash(key))) {
      return false;
    }
    if (isHere(rows, fileNumber, key)) {
      return true;
    }
    insert(rows, fileNumber, key, bytes);
    return false;
  }

  @Test
  void takesARowThatIsMissedTwice() {
    try (BlockCache cache = cache(256 * KIB)) {
      RowCache rows = rows(cache);
      assertFalse(read(rows, 1, 5, ROW));
      assertEquals(0, rows.rowCount());
      assertFalse(read(rows, 1, 5, ROW));
      assertEquals(1, rows.rowCount());
      assertTrue(read(rows, 1, 5, ROW));
      assertEquals(1, rows.hits());
      assertEquals(1, rows.misses(), "what is not known is not asked for");
    }
  }

  @Test
  void theSameKeyOfAnotherTableIsAnotherRow() {
    try (BlockCache cache = cache(256 * KIB)) {
      RowCache rows = rows(cache);
      read(rows, 1, 5, ROW);
      read(rows, 1, 5, ROW);
      assertFalse(read(rows, 2, 5, ROW)); // a merge made table 2: that the key is popular is known
      assertTrue(isHere(rows, 1, 5));
      assertTrue(isHere(rows, 2, 5));
    }
  }

  @Test
  void twoWhoPutTheSameRowInMakeOne() {
    try (BlockCache cache = cache(256 * KIB)) {
      RowCache rows = rows(cache);
      insert(rows, 1, 5, ROW);
      insert(rows, 1, 5, ROW);
      assertEquals(1, rows.rowCount());
      assertTrue(isHere(rows, 1, 5));
    }
  }

  @Test
  void keepsTheLargestRowsAndTheSmallest() {
    for (long capacity : new long[] {64 * KIB, 16 * MIB}) {
      try (BlockCache cache = cache(capacity)) {
        RowCache rows = rows(cache);
        insert(rows, 1, 1, RowCache.ROW_BYTES_MAX);
        insert(rows, 1, 2, 0);
        assertTrue(isHere(rows, 1, 1), "of " + capacity);
        assertTrue(isHere(rows, 1, 2), "of " + capacity);
      }
    }
  }

  @Test
  void theRowsOfATableGoWithIt() {
    try (BlockCache cache = cache(256 * KIB)) {
      RowCache rows = rows(cache);
      for (int key = 0; key < 50; key++) {
        insert(rows, 1 + key % 2, key, ROW);
      }
      assertEquals(50, rows.rowCount());
      cache.evictFile(1);
      for (int key = 0; key < 50; key++) {
        assertEquals(key % 2 == 1, isHere(rows, 1 + key % 2, key), "key " + key);
      }
      assertEquals(25, rows.rowCount());
    }
  }

  @Test
  void staysWithinItsMemoryWhateverTheLengths() {
    var random = new SplittableRandom(3);
    for (long capacity : new long[] {64 * KIB, 256 * KIB, MIB}) {
      try (BlockCache cache = cache(capacity)) {
        RowCache rows = rows(cache);
        int hits = 0;
        for (int i = 0; i < 60_000; i++) {
          int key = random.nextInt(random.nextBoolean() ? 50 : 3_000);
          hits += read(rows, 1, key, 100 + (int) (hash(key) & 0x3f)) ? 1 : 0;
          assertTrue(rows.bytes() <= capacity, rows.bytes() + " of " + capacity);
        }
        assertTrue(hits > 15_000, "hits=" + hits + " of " + capacity);
      }
    }
  }

  @Test
  void rowsReadOnceDoNotDriveOutThoseInUse() {
    try (BlockCache cache = cache(256 * KIB)) {
      RowCache rows = rows(cache);
      var random = new SplittableRandom(4);
      int once = 1_000_000;
      for (int i = 0; i < 20_000; i++) {
        read(rows, 1, random.nextInt(500), ROW);
        read(rows, 1, once++, ROW);
        read(rows, 1, once++, ROW);
      }
      int kept = 0;
      for (int key = 0; key < 500; key++) {
        kept += isHere(rows, 1, key) ? 1 : 0;
      }
      assertTrue(kept > 475, "kept " + kept + " of 500");
    }
  }

  @Test
  void aRowThatIsPinnedStaysAsItIs() {
    try (BlockCache cache = cache(64 * KIB);
        var pinned = new PinnedBlock()) {
      RowCache rows = rows(cache);
      insert(rows, 1, 5, ROW);
      assertTrue(rows.pin(1, hash(5), pinned));
      for (int key = 100; key < 2_000; key++) {
        insert(rows, 1, key, ROW);
      }
      cache.evictFile(1);
      MadeRows.check(pinned, 1, hash(5));
    }
  }

  @Test
  void withoutMemoryThereIsNone() {
    try (var cache = new BlockCache(MIB, true)) {
      assertNull(cache.rows());
    }
  }
}
