package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private static final int BLOCK = 4096;
  private static final long MIB = 1 << 20;

  private final MadeBlocks file = new MadeBlocks(9);

  private ReadContext reader(BlockCache cache) {
    return new ReadContext(cache, ReadContext.Mode.BLOCKING);
  }

  private void read(ReadContext reader, long block, boolean isScan) {
    try (var pinned = new PinnedBlock()) {
      reader.pin(file, block * BLOCK, BLOCK, isScan, pinned);
      file.check(pinned, block * BLOCK, BLOCK);
    }
  }

  private boolean isCached(BlockCache cache, long block) {
    try (var pinned = new PinnedBlock()) {
      return cache.pin(9, block * BLOCK, false, pinned);
    }
  }

  @Test
  void findsWhatWasReadOnce() {
    try (var cache = new BlockCache(MIB, true);
        var reader = reader(cache)) {
      read(reader, 3, false);
      read(reader, 3, false);
      assertEquals(1, file.reads());
      assertEquals(1, cache.blockCount());
    }
  }

  @Test
  void countsHitsAndMisses() {
    try (var cache = new BlockCache(MIB, true)) {
      try (var reader = reader(cache)) {
        read(reader, 3, false);
        read(reader, 3, false);
        read(reader, 4, false);
      }
      assertEquals(1, cache.hits());
      assertEquals(2, cache.misses());
    }
  }

  @Test
  void takesMemoryOnlyAsBlocksCome() {
    try (var cache = new BlockCache(4096 * MIB, true);
        var reader = reader(cache)) {
      assertTrue(cache.bytes() < MIB, "empty: " + cache.bytes());
      read(reader, 1, false);
      assertTrue(cache.bytes() < 3 * MIB, "one block: " + cache.bytes());
    }
  }

  @Test
  void staysWithinItsCapacityWhateverTheBlockSizes() {
    var random = new Random(1);
    for (long capacity : new long[] {200_000, 2 * MIB, 9 * MIB}) {
      try (var cache = new BlockCache(capacity, true);
          var reader = reader(cache);
          var pinned = new PinnedBlock()) {
        long offset = 0;
        for (int i = 0; i < 3_000; i++) {
          int bytes = random.nextInt(50) == 0 ? random.nextInt(600_000) : 1 + random.nextInt(9_000);
          reader.pin(file, offset, bytes, random.nextBoolean(), pinned);
          file.check(pinned, offset, bytes);
          pinned.release();
          offset += bytes;
          assertTrue(cache.bytes() <= capacity, cache.bytes() + " of " + capacity);
        }
      }
    }
  }

  @Test
  void usesNearlyAllOfItsCapacity() {
    try (var cache = new BlockCache(16 * MIB, true);
        var reader = reader(cache)) {
      for (int block = 0; block < 8_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.blockCount() * BLOCK > 14.5 * MIB, "blocks: " + cache.blockCount());
    }
  }

  @Test
  void aCacheWithoutCapacityAnswersFromTheFile() {
    try (var cache = new BlockCache(0, true);
        var reader = reader(cache)) {
      read(reader, 1, false);
      read(reader, 1, false);
      assertEquals(2, file.reads());
      assertEquals(0, cache.blockCount());
    }
  }

  @Test
  void scansDoNotDriveOutWhatIsUsed() {
    try (var cache = new BlockCache(8 * MIB, true);
        var reader = reader(cache)) {
      int hot = 1_200;
      for (int round = 0; round < 3; round++) {
        for (int block = 0; block < hot; block++) {
          read(reader, block, false);
        }
      }
      for (int block = 100_000; block < 120_000; block++) {
        read(reader, block, true);
      }
      int kept = 0;
      for (int block = 0; block < hot; block++) {
        kept += isCached(cache, block) ? 1 : 0;
      }
      assertTrue(kept > hot * 95 / 100, "kept " + kept + " of " + hot);
    }
  }

  @Test
  void scansFillTheRoomThatThereIs() {
    try (var cache = new BlockCache(8 * MIB, true);
        var reader = reader(cache)) {
      for (int block = 0; block < 1_000; block++) {
        read(reader, block, true);
      }
      assertEquals(1_000, cache.blockCount());
    }
  }

  @Test
  void scansOfLargeBlocksDoNotDriveOutWhatIsUsed() {
    try (var cache = new BlockCache(8 * MIB, true);
        var reader = reader(cache);
        var pinned = new PinnedBlock()) {
      for (int block = 0; block < 2_000; block++) {
        read(reader, block, false);
      }
      long before = cache.blockCount();
      int large = 600_000;
      for (int i = 0; i < 100; i++) {
        long offset = (1L << 40) + (long) i * large;
        reader.pin(file, offset, large, true, pinned);
        file.check(pinned, offset, large);
        pinned.release();
      }
      assertEquals(before, cache.blockCount());
    }
  }

  @Test
  void scansLongerThanTheCacheFindAPartOfIt() {
    int blocks = 8_000;
    try (var cache = new BlockCache(8 * MIB, true);
        var reader = reader(cache)) {
      int missesOfRound = 0;
      for (int round = 0; round < 10; round++) {
        int before = file.reads();
        for (int block = 0; block < blocks; block++) {
          read(reader, block, true);
        }
        missesOfRound = file.reads() - before;
      }
      long held = cache.blockCount();
      int found = blocks - missesOfRound;
      assertTrue(found > held / 2, "found " + found + " in a cache of " + held + " blocks");
    }
  }

  @Test
  void keepsWhatIsReadOftenAmongMuchThatIsReadOnce() {
    try (var cache = new BlockCache(8 * MIB, true);
        var reader = reader(cache)) {
      long once = 1_000_000;
      for (int round = 0; round < 40; round++) {
        for (int block = 0; block < 500; block++) {
          read(reader, block, false);
          read(reader, once++, false);
          read(reader, once++, false);
        }
      }
      int kept = 0;
      for (int block = 0; block < 500; block++) {
        kept += isCached(cache, block) ? 1 : 0;
      }
      assertTrue(kept > 450, "kept " + kept + " of 500");
    }
  }

  @Test
  void memoryMovesToTheBlockSizeThatIsRead() {
    try (var cache = new BlockCache(8 * MIB, true);
        var reader = reader(cache);
        var pinned = new PinnedBlock()) {
      for (int block = 0; block < 4_000; block++) {
        read(reader, block, false);
      }
      int large = 9_000;
      int hits = 0;
      for (int round = 0; round < 60; round++) {
        hits = 0;
        for (int i = 0; i < 500; i++) {
          long offset = (1L << 40) + (long) i * large;
          hits += reader.tryPin(file, offset, false, pinned) ? 1 : 0;
          if (!pinned.isPresent()) {
            reader.read(file, offset, large, false, pinned);
          }
          pinned.release();
        }
      }
      assertTrue(hits > 450, "hits in the last round: " + hits + " of 500");
    }
  }

  @Test
  void pinnedBlocksSurviveEverything() {
    try (var cache = new BlockCache(MIB, true);
        var reader = reader(cache)) {
      var pins = new ArrayList<PinnedBlock>();
      for (int block = 0; block < 20; block++) {
        var pinned = new PinnedBlock();
        reader.pin(file, (long) block * BLOCK, BLOCK, false, pinned);
        pins.add(pinned);
      }
      for (int block = 1_000; block < 4_000; block++) {
        read(reader, block, false);
      }
      cache.evictFile(9);
      cache.resize(0);
      for (int block = 0; block < 20; block++) {
        file.check(pins.get(block), (long) block * BLOCK, BLOCK);
        pins.get(block).release();
      }
    }
  }

  @Test
  void aPinCanBeSharedAndEachShareCounts() {
    try (var cache = new BlockCache(0, true);
        var reader = reader(cache);
        var first = new PinnedBlock();
        var second = new PinnedBlock()) {
      reader.pin(file, 0, BLOCK, false, first);
      first.share(second);
      first.release();
      for (int i = 0; i < 20; i++) {
        cache.buffers().give(cache.buffers().take(BLOCK)); // would hand out the block's memory
      }
      file.check(second, 0, BLOCK);
    }
  }

  @Test
  void evictsTheBlocksOfOneFile() {
    var other = new MadeBlocks(10);
    try (var cache = new BlockCache(4 * MIB, true);
        var reader = reader(cache);
        var pinned = new PinnedBlock()) {
      for (int block = 0; block < 100; block++) {
        read(reader, block, false);
        reader.pin(other, (long) block * BLOCK, BLOCK, false, pinned);
      }
      cache.evictFile(9);
      for (int block = 0; block < 100; block++) {
        assertFalse(isCached(cache, block));
        assertTrue(cache.pin(10, (long) block * BLOCK, false, pinned));
      }
      assertEquals(100, cache.blockCount());
    }
  }

  @Test
  void aDroppedFileGivesItsMemoryBack() {
    var other = new MadeBlocks(10);
    try (var cache = new BlockCache(64 * MIB, true);
        var reader = reader(cache);
        var pinned = new PinnedBlock();
        var kept = new PinnedBlock()) {
      reader.pin(other, 0, BLOCK, false, pinned);
      long before = cache.bytes();
      for (int block = 0; block < 3_000; block++) {
        read(reader, block, false);
      }
      reader.pin(file, 7 * BLOCK, BLOCK, false, kept);
      cache.evictFile(9);
      assertTrue(cache.bytes() < before + 4 * MIB, "left: " + cache.bytes());
      file.check(kept, 7 * BLOCK, BLOCK);
      kept.release();
      for (int block = 0; block < 3_000; block++) {
        read(reader, block, false);
      }
      assertEquals(3_001, cache.blockCount());
    }
  }

  @Test
  void lendsAnEighthAtMostAndDoesWithTheRest() {
    try (var cache = new BlockCache(16 * MIB, true);
        var reader = reader(cache)) {
      for (int block = 0; block < 5_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.tryLend(MIB));
      assertFalse(cache.tryLend(MIB + 1));
      assertTrue(cache.tryLend(MIB));
      assertTrue(cache.bytes() <= 14 * MIB, "lent: " + cache.bytes());
      for (int block = 0; block < 5_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.bytes() <= 14 * MIB, "still: " + cache.bytes());
      cache.resize(8 * MIB);
      assertTrue(cache.bytes() <= 6 * MIB, "smaller: " + cache.bytes());
      assertFalse(cache.tryLend(1));
      cache.takeBack(2 * MIB);
      for (int block = 0; block < 5_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.bytes() > 7 * MIB && cache.bytes() <= 8 * MIB, "back: " + cache.bytes());
    }
  }

  @Test
  void makesRoomForWhatIsChargedButKeepsAQuarter() {
    try (var cache = new BlockCache(16 * MIB, true);
        var reader = reader(cache)) {
      for (int block = 0; block < 5_000; block++) {
        read(reader, block, false);
      }
      cache.charge(8 * MIB);
      assertTrue(cache.bytes() <= 8 * MIB, "charged: " + cache.bytes());
      assertFalse(cache.tryLend(MIB + 1)); // an eighth of what is left
      assertTrue(cache.tryLend(MIB));
      assertTrue(cache.bytes() <= 7 * MIB, "and lent: " + cache.bytes());
      cache.takeBack(MIB);
      cache.charge(100 * MIB);
      for (int block = 0; block < 5_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.bytes() > 3 * MIB && cache.bytes() <= 4 * MIB, "kept: " + cache.bytes());
      cache.discharge(108 * MIB);
      for (int block = 0; block < 5_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.bytes() > 15 * MIB, "free again: " + cache.bytes());
    }
  }

  @Test
  void shrinksAndGrows() {
    try (var cache = new BlockCache(16 * MIB, true);
        var reader = reader(cache)) {
      for (int block = 0; block < 3_000; block++) {
        read(reader, block, false);
      }
      cache.resize(4 * MIB);
      assertTrue(cache.bytes() <= 4 * MIB, "shrunk: " + cache.bytes());
      for (int block = 0; block < 3_000; block++) {
        read(reader, block, false);
      }
      assertTrue(cache.bytes() <= 4 * MIB, "still: " + cache.bytes());
      cache.resize(16 * MIB);
      for (int block = 0; block < 3_000; block++) {
        read(reader, block, false);
      }
      assertEquals(3_000, cache.blockCount());
    }
  }
}
