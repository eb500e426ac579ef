package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.base.NeedsBlocks;
import org.junit.jupiter.api.Test;

class ReadContextTest {
  private static final int BLOCK = 4096;

  private final MadeBlocks file = new MadeBlocks(5);

  @Test
  void asksForAMissingBlockAndFindsItInTheNextRun() {
    for (long capacity : new long[] {0, 1 << 20}) {
      try (var cache = new BlockCache(capacity, true);
          var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY);
          var pinned = new PinnedBlock()) {
        assertThrows(NeedsBlocks.class, () -> context.pin(file, 0, BLOCK, false, pinned));
        assertTrue(context.hasNeeds());
        context.fetchNeeded();
        assertFalse(context.hasNeeds());
        context.pin(file, 0, BLOCK, false, pinned);
        file.check(pinned, 0, BLOCK);
        context.reset();
        file.check(pinned, 0, BLOCK); // its own pin, not the context's
      }
    }
  }

  @Test
  void fetchedBlocksStayUntilReset() {
    try (var cache = new BlockCache(64 << 10, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY);
        var other = new ReadContext(cache, ReadContext.Mode.BLOCKING);
        var pinned = new PinnedBlock()) {
      context.need(file.request(8L * BLOCK, BLOCK));
      context.fetchNeeded();
      for (int block = 100; block < 400; block++) {
        other.pin(file, (long) block * BLOCK, BLOCK, false, pinned);
      }
      context.pin(file, 8L * BLOCK, BLOCK, false, pinned);
      file.check(pinned, 8L * BLOCK, BLOCK);
    }
  }

  @Test
  void readsNeighboursAtOnce() {
    try (var cache = new BlockCache(1 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY);
        var pinned = new PinnedBlock()) {
      for (int block : new int[] {7, 5, 6, 5, 300}) {
        context.need(file.request((long) block * BLOCK, BLOCK));
      }
      context.fetchNeeded();
      assertEquals(2, file.reads());
      for (int block : new int[] {5, 6, 7, 300}) {
        context.pin(file, (long) block * BLOCK, BLOCK, false, pinned);
        file.check(pinned, (long) block * BLOCK, BLOCK);
      }
      assertEquals(2, file.reads());
    }
  }

  /// A compaction may replace a table between the read that lacked its block and the fetch.
  @Test
  void whatIsClosedMeanwhileIsLeftOut() {
    var replaced = new MadeBlocks(4);
    try (var cache = new BlockCache(1 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY);
        var pinned = new PinnedBlock()) {
      context.need(replaced.request(0, BLOCK));
      context.need(file.request(0, BLOCK));
      replaced.close();
      context.fetchNeeded();
      context.pin(file, 0, BLOCK, false, pinned);
      file.check(pinned, 0, BLOCK);
      assertThrows(NeedsBlocks.class, () -> context.pin(replaced, 0, BLOCK, false, pinned));
    }
  }

  @Test
  void resetForgetsRequests() {
    try (var cache = new BlockCache(1 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
      context.need(file.request(0, BLOCK));
      context.reset();
      context.fetchNeeded();
      assertEquals(0, file.reads());
    }
  }

  @Test
  void readsAtOnceWhereItMay() {
    try (var cache = new BlockCache(1 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
        var pinned = new PinnedBlock()) {
      context.fillsCache(false);
      context.pin(file, BLOCK, BLOCK, false, pinned);
      file.check(pinned, BLOCK, BLOCK);
      assertEquals(0, cache.blockCount());
      context.fillsCache(true);
      context.pin(file, BLOCK, BLOCK, false, pinned);
      assertEquals(1, cache.blockCount());
      assertEquals(2, file.reads());
    }
  }
}
