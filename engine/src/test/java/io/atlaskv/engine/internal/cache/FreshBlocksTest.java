package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FreshBlocksTest {
  private static final int BLOCK = 4096;
  private static final int AT = 100;
  private static final long CAPACITY = 2 << 20;

  private final MadeBlocks old = new MadeBlocks(3);
  private final MadeBlocks fresh = new MadeBlocks(4);
  private final BlockCache cache = new BlockCache(CAPACITY, true);
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(AT + BLOCK);
  private final BlockHints hints = new BlockHints(arena, 1_000);

  @AfterEach
  void free() {
    cache.close();
    arena.close();
  }

  private void write(FreshBlocks blocks, long block) {
    long offset = block * BLOCK;
    fresh.read(offset, memory.asSlice(AT).asByteBuffer());
    blocks.add(fresh.fileNumber(), offset, memory, AT, BLOCK);
  }

  private boolean isCached(MadeBlocks file, long block) {
    try (var pinned = new PinnedBlock()) {
      boolean isFound = cache.pin(file.fileNumber(), block * BLOCK, false, pinned);
      if (isFound) {
        file.check(pinned, block * BLOCK, BLOCK);
      }
      return isFound;
    }
  }

  private void read(long block) {
    try (var reader = new ReadContext(cache, ReadContext.Mode.BLOCKING);
        var pinned = new PinnedBlock()) {
      reader.pin(old, block * BLOCK, BLOCK, false, pinned);
    }
  }

  @Test
  void keepsWhatIsWrittenUntilItIsDropped() {
    FreshBlocks blocks = FreshBlocks.cached(cache);
    for (int block = 0; block < 100; block++) {
      write(blocks, block);
    }
    for (int block = 0; block < 100; block++) {
      assertTrue(isCached(fresh, block));
    }
    blocks.drop(fresh.fileNumber());
    assertEquals(0, cache.blockCount());
  }

  @Test
  void keepsNothingUnasked() {
    write(FreshBlocks.UNCACHED, 1);
    assertEquals(0, cache.blockCount());
  }

  @Test
  void doesNotDriveOutBlocksInUse() {
    int before = (int) (CAPACITY / BLOCK) * 7 / 8;
    for (int block = 0; block < before; block++) {
      read(block);
    }
    assertEquals(before, cache.blockCount());
    FreshBlocks blocks = FreshBlocks.cached(cache);
    for (int block = 0; block < 1_000; block++) {
      write(blocks, block);
    }
    int lost = 0;
    for (int block = 0; block < before; block++) {
      lost += isCached(old, block) ? 0 : 1;
    }
    assertTrue(lost <= before / 20, "lost: " + lost); // a slab for the growth of the hash table
  }

  @Test
  void followsItsInputs() {
    for (int block = 0; block < 50; block++) {
      read(block);
    }
    long readsBefore = old.reads();
    var inputs = new ReadContext(cache, ReadContext.Mode.BLOCKING);
    inputs.fillsCache(false);
    FreshBlocks blocks = FreshBlocks.like(inputs);
    try (inputs;
        var pinned = new PinnedBlock()) {
      for (int block = 0; block < 100; block++) {
        assertEquals(block < 50, inputs.peek(old, hints, block, (long) block * BLOCK, pinned));
        pinned.release();
        write(blocks, block);
      }
    }
    assertEquals(readsBefore, old.reads());
    for (int block = 0; block < 100; block++) {
      assertEquals(block < 50, isCached(fresh, block), "block " + block);
    }
    assertFalse(isCached(old, 50));
  }
}
