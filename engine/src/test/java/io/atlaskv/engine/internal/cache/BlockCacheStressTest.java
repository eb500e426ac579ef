package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Threads read, pin, insert, evict and resize at once; freed slots are poisoned, so that a block
/// that is freed or overwritten while somebody reads it shows.
class BlockCacheStressTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROUNDS = Integer.getInteger("atlaskv.rounds", 30_000);
  private static final int THREADS = 4;
  private static final int FILES = 3;
  private static final int BLOCKS = 600;

  @Test
  void everyReaderSeesItsOwnBlock() throws InterruptedException, ExecutionException {
    try (var cache = new BlockCache(1 << 20, true);
        var threads = Executors.newFixedThreadPool(THREADS)) {
      var running = new ArrayList<Future<?>>();
      for (int thread = 0; thread < THREADS; thread++) {
        long seed = SEED + thread;
        running.add(threads.submit(() -> readAtRandom(cache, new Random(seed))));
      }
      for (Future<?> future : running) {
        future.get();
      }
      assertTrue(cache.bytes() <= 1 << 20, "bytes: " + cache.bytes());
      cache.resize(0);
      assertTrue(cache.blockCount() == 0, "a pin was lost: " + cache.blockCount());
    }
  }

  private static void readAtRandom(BlockCache cache, Random random) {
    var files = new MadeBlocks[FILES];
    for (int i = 0; i < FILES; i++) {
      files[i] = new MadeBlocks(i + 1);
    }
    try (var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      var pins = new PinnedBlock[8];
      var offsets = new long[8];
      var owners = new MadeBlocks[8];
      for (int i = 0; i < pins.length; i++) {
        pins[i] = new PinnedBlock();
      }
      for (int round = 0; round < ROUNDS; round++) {
        int i = random.nextInt(pins.length);
        if (pins[i].isPresent()) {
          owners[i].check(pins[i], offsets[i], bytes(offsets[i]));
        }
        owners[i] = files[random.nextInt(FILES)];
        offsets[i] = random.nextInt(random.nextBoolean() ? BLOCKS : 40) * 16_384L;
        context.pin(owners[i], offsets[i], bytes(offsets[i]), random.nextInt(4) == 0, pins[i]);
        owners[i].check(pins[i], offsets[i], bytes(offsets[i]));
        if (random.nextInt(4) == 0) {
          insert(cache, files[random.nextInt(FILES)], random);
        }
        if (random.nextInt(2_000) == 0) {
          cache.evictFile(1 + random.nextInt(FILES));
        }
        if (random.nextInt(2_000) == 0) {
          cache.resize(random.nextBoolean() ? 1 << 20 : 1 << 19);
        }
      }
      for (PinnedBlock pin : pins) {
        pin.release();
      }
      cache.resize(1 << 20);
    }
  }

  /// What a writer of tables does.
  private static void insert(BlockCache cache, MadeBlocks file, Random random) {
    long offset = random.nextInt(BLOCKS) * 16_384L;
    int bytes = bytes(offset);
    try (var arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes);
      file.read(offset, memory.asByteBuffer());
      cache.insert(file.fileNumber(), offset, memory, 0, bytes, random.nextBoolean());
    }
  }

  /// Block sizes of several classes, fixed for each offset.
  private static int bytes(long offset) {
    long block = offset / 16_384;
    return block % 50 == 0 ? 16_000 : block % 7 == 0 ? 1_000 : 4_000;
  }
}
