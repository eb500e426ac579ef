package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.cache.BlockCache;
import java.util.HashSet;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The structure by itself, with hashes of the test's choice.
class PointIndexTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = " rerun: -Dtest=PointIndexTest -Datlaskv.seed=" + SEED;
  private static final long NUMBER = 5;
  private static final int MIB = 1 << 20;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final BlockCache cache = new BlockCache(64L * MIB);
  private final PointIndexes indexes = PointIndexes.within(cache);
  private final TableKeys keys = new TableKeys();
  private int entries;

  @AfterEach
  void close() {
    keys.close();
    indexes.close();
    assertEquals(0, indexes.bytes(), "memory is given back");
    cache.close();
  }

  /// Adds a key with so many versions.
  private void add(long hash, int versions) {
    keys.add(hash, entries);
    entries += versions;
  }

  private PointIndex index() {
    keys.endBlock(entries);
    indexes.make(NUMBER, keys);
    return require(indexes.take(NUMBER));
  }

  /// P2: among the candidates of each key is its place, or they end in `UNKNOWN`. Returns for how
  /// many they do.
  private int requireComplete(PointIndex index) {
    int unknown = 0;
    int block = 0;
    int blockStart = 0;
    for (int i = 0; i < keys.count(); i++) {
      int ordinal = keys.ordinal(i);
      while (ordinal >= keys.blockEnd(block)) {
        blockStart = keys.blockEnd(block++);
      }
      long hash = keys.hash(i);
      long candidate = index.first(hash);
      while (candidate >= 0 && !isPlace(index, candidate, block, ordinal - blockStart)) {
        candidate = index.next(hash, candidate);
      }
      assertTrue(candidate != PointIndex.ABSENT, "key " + i + " of " + keys.count() + REPRO);
      unknown += candidate == PointIndex.UNKNOWN ? 1 : 0;
    }
    return unknown;
  }

  private static boolean isPlace(PointIndex index, long candidate, int block, int entry) {
    return index.block(candidate) == block
        && (index.entry(candidate) == entry || index.entry(candidate) == DataBlockSearch.ANY_ENTRY);
  }

  @Test
  void findsEveryKeyAndHardlyAnyOther() {
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      add(random.nextLong(), 1 + (random.nextInt(8) == 0 ? random.nextInt(5) : 0));
      if (random.nextInt(30) == 0) {
        keys.endBlock(entries);
      }
    }
    PointIndex index = index();
    assertTrue(requireComplete(index) < count / 1_000, "keys without a place" + REPRO);
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += index.first(random.nextLong()) == PointIndex.ABSENT ? 0 : 1;
    }
    assertTrue(found < count / 2_000, "found that are not there: " + found + REPRO);
    assertTrue(index.bytes() < count * 7L, "bytes: " + index.bytes());
    index.close();
  }

  /// Tables of all sizes up to some lines, so that chains run around the end.
  @Test
  void chainsGoAroundTheEnd() {
    for (int count = 1; count < 200; count++) {
      try (var some = new TableKeys()) {
        for (int i = 0; i < count; i++) {
          some.add(-1L - random.nextInt(1 << 30), i); // all belong to the last line
        }
        some.endBlock(count);
        indexes.make(NUMBER, some);
        try (PointIndex index = require(indexes.take(NUMBER))) {
          for (int i = 0; i < count; i++) {
            long hash = some.hash(i);
            long candidate = index.first(hash);
            while (candidate >= 0 && index.entry(candidate) != i) {
              candidate = index.next(hash, candidate);
            }
            boolean hasRoom = count <= 3 * PointIndex.SLOTS;
            assertTrue(
                hasRoom ? candidate >= 0 : candidate != PointIndex.ABSENT,
                i + " of " + count + REPRO);
          }
        }
      }
    }
  }

  /// Keys of one hash are all candidates, as far as there is room; beyond that nobody is told that
  /// they are absent.
  @Test
  void keysOfOneHashAreNeverAbsent() {
    long hash = random.nextLong();
    for (int i = 0; i < 1_000; i++) {
      add(i % 2 == 0 ? hash : random.nextLong(), 1);
    }
    PointIndex index = index();
    var seen = new HashSet<Integer>();
    long candidate = index.first(hash);
    while (candidate >= 0) {
      assertTrue(seen.add(index.entry(candidate)), "no candidate comes twice" + REPRO);
      candidate = index.next(hash, candidate);
    }
    assertEquals(PointIndex.UNKNOWN, candidate);
    assertTrue(seen.size() > 8 * PointIndex.SLOTS / 4, "candidates: " + seen.size() + REPRO);
    requireComplete(index);
    index.close();
  }

  /// Same fingerprint and line, other hash: what differs is only in bits that the table does not
  /// look at.
  @Test
  void keysOfOneFingerprintAreAllCandidates() {
    long fingerprint = 0xabcdL << 8;
    for (int i = 0; i < 60; i++) {
      add(fingerprint | (long) i << 57 | i, 1);
      add(random.nextLong(), 1);
    }
    PointIndex index = index();
    assertEquals(0, requireComplete(index), REPRO);
    index.close();
  }

  /// A fingerprint of zero would be a free slot.
  @Test
  void aHashWithoutFingerprintIsFound() {
    add(0, 1);
    add(0xffL, 1);
    add(0xff000000_000000ffL, 1);
    PointIndex index = index();
    assertEquals(0, requireComplete(index));
    index.close();
  }

  @Test
  void entriesWithLargeNumbersAreSomewhereInTheirBlock() {
    int blocks = 1 << 14; // leaves 10 bits
    for (int block = 0; block < blocks; block++) {
      add(random.nextLong(), block % 100 == 0 ? 1_022 : 1);
      add(random.nextLong(), 1);
      add(random.nextLong(), 1);
      if (block < blocks - 1) {
        keys.endBlock(entries);
      }
    }
    PointIndex index = index();
    assertTrue(requireComplete(index) < 10, REPRO);
    long last = candidateIn(index, 2, 0);
    assertEquals(DataBlockSearch.ANY_ENTRY, index.entry(last), "entry 1023 has no number");
    assertEquals(1_022, index.entry(candidateIn(index, 1, 0)));
    assertEquals(2, index.entry(candidateIn(index, 5, 1)));
    index.close();
  }

  private long candidateIn(PointIndex index, int key, int block) {
    long hash = keys.hash(key);
    long candidate = index.first(hash);
    while (candidate >= 0 && index.block(candidate) != block) {
      candidate = index.next(hash, candidate);
    }
    assertTrue(candidate >= 0, "key " + key + REPRO);
    return candidate;
  }

  @Test
  void bitsAreDividedBetweenBlocksAndEntries() {
    assertEquals(24, PointIndex.entryBits(0));
    assertEquals(24, PointIndex.entryBits(1));
    assertEquals(23, PointIndex.entryBits(2));
    assertEquals(22, PointIndex.entryBits(3));
    assertEquals(14, PointIndex.entryBits(1 << 10));
    assertEquals(0, PointIndex.entryBits(1 << 24));
    assertEquals(-1, PointIndex.entryBits((1 << 24) + 1));
  }

  @Test
  void aTableWithoutKeysHasNone() {
    indexes.make(NUMBER, keys);
    assertNull(indexes.take(NUMBER));
  }

  @Test
  void memoryIsAPartOfTheCacheAtMostAndIsGivenBack() {
    try (var small = new BlockCache(MIB);
        var within = PointIndexes.within(small)) {
      for (int i = 0; i < 10_000; i++) {
        add(random.nextLong(), 1);
      }
      keys.endBlock(entries);
      within.make(1, keys);
      long each = within.bytes();
      assertEquals(PointIndex.bytesFor(10_000), each);
      for (int number = 2; number < 10; number++) {
        within.make(number, keys);
      }
      assertTrue(within.bytes() > MIB / 8 - each && within.bytes() <= MIB / 8, "" + within.bytes());
      require(within.take(1)).close();
      within.make(10, keys);
      require(within.take(10)).close();
      within.drop(2);
      within.drop(2);
      assertNull(within.take(9), "there was no room");
    }
    indexes.make(NUMBER, keys);
    assertTrue(indexes.bytes() > 0, "close gives back what nobody took");
  }

  private static PointIndex require(@Nullable PointIndex index) {
    return Objects.requireNonNull(index);
  }
}
