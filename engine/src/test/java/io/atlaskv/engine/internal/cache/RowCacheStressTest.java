package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Threads pin, hold, replace and drop rows at once; freed slots are poisoned, so that a row that
/// is replaced while somebody reads it shows, and so does one that is found by another's name.
class RowCacheStressTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROUNDS = Integer.getInteger("atlaskv.rounds", 100_000);
  private static final int THREADS = 4;
  private static final int FILES = 3;
  private static final int KEYS = 1_000;
  private static final long CAPACITY = 128 << 10;

  @Test
  void everyReaderSeesItsOwnRow() throws InterruptedException, ExecutionException {
    try (var cache = new BlockCache(0, CAPACITY, true);
        var threads = Executors.newFixedThreadPool(THREADS)) {
      RowCache rows = Objects.requireNonNull(cache.rows());
      var running = new ArrayList<Future<Integer>>();
      for (int thread = 0; thread < THREADS; thread++) {
        long seed = SEED + thread;
        running.add(threads.submit(() -> readAtRandom(cache, rows, new Random(seed))));
      }
      int hits = 0;
      for (Future<Integer> future : running) {
        hits += future.get();
      }
      assertTrue(hits > THREADS * ROUNDS / 10, "hits=" + hits + " seed=" + SEED);
      assertTrue(rows.bytes() <= CAPACITY, "bytes: " + rows.bytes());
      for (int file = 1; file <= FILES; file++) {
        cache.evictFile(file);
      }
      assertEquals(0, rows.rowCount(), "a pin was lost");
    }
  }

  private static int readAtRandom(BlockCache cache, RowCache rows, Random random) {
    var pins = new PinnedBlock[8];
    var files = new long[8];
    var hashes = new long[8];
    for (int i = 0; i < pins.length; i++) {
      pins[i] = new PinnedBlock();
    }
    int hits = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int i = random.nextInt(pins.length);
      if (pins[i].isPresent()) {
        MadeRows.check(pins[i], files[i], hashes[i]);
        pins[i].release();
      }
      files[i] = 1L + random.nextInt(FILES);
      hashes[i] = SlotTable.hash(77, random.nextInt(random.nextBoolean() ? KEYS : 20));
      int bytes = 20 + (int) (hashes[i] & 0xff);
      if (rows.pin(files[i], hashes[i], pins[i])) {
        hits++;
        assertEquals(bytes, pins[i].length());
        MadeRows.check(pins[i], files[i], hashes[i]);
      } else if (rows.isKnown(hashes[i])) {
        MadeRows.insert(rows, files[i], hashes[i], bytes);
      }
      if (random.nextInt(4_000) == 0) {
        cache.evictFile(1 + random.nextInt(FILES));
      }
    }
    for (PinnedBlock pin : pins) {
      pin.release();
    }
    return hits;
  }
}
