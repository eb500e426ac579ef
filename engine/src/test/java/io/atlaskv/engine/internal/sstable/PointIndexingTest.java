package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PointIndexingTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long NUMBER = 7;
  private static final int KEYS = 20_000;
  private static final int MIB = 1 << 20;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final FaultFileSystem files = FaultFileSystem.create(SEED);
  private final BlockCache cache = new BlockCache(64L * MIB);
  private final PointIndexes indexes = PointIndexes.within(cache);

  @AfterEach
  void close() {
    indexes.close();
    assertEquals(0, indexes.bytes(), "memory is given back");
    cache.close();
  }

  /// Some keys have several versions, over the ends of blocks too.
  private List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    long sequence = 10L * KEYS;
    for (int i = 0; i < KEYS; i++) {
      for (int versions = 1 + random.nextInt(3); versions > 0; versions--) {
        entries.add(Entry.put("key:%06d".formatted(i), sequence--, "v".repeat(60)));
      }
    }
    return entries;
  }

  private void write(List<Entry> entries) {
    TableOptions options = TableOptions.DEFAULT.withBlockBytes(512);
    TestTables.write(files, NUMBER, options, entries, List.of(), indexes);
  }

  private TableReader openWithout() {
    return TestTables.open(files, NUMBER, cache, PointIndexes.NONE);
  }

  @Test
  void makesWhatTheWriterWouldHaveMade() {
    List<Entry> entries = entries();
    write(entries);
    TableReader written = TestTables.open(files, NUMBER, cache, indexes);
    long bytes = indexes.bytes();
    TableReader reopened = openWithout();
    assertTrue(indexes.isWorthMaking(reopened));
    TestTables.index(reopened, indexes, cache);
    assertEquals(2 * bytes, indexes.bytes());
    assertFalse(indexes.isWorthMaking(reopened), "it has one");
    for (Entry entry : entries) {
      long hash = TableReader.hash(entry.key().toArray(), 0, entry.key().length());
      assertTrue(written.locate(hash) != TableReader.NOT_HERE);
      assertEquals(written.locate(hash), reopened.locate(hash));
    }
    for (int i = 0; i < KEYS; i++) {
      long hash = random.nextLong();
      assertEquals(written.locate(hash), reopened.locate(hash));
    }
    written.release();
    reopened.release();
  }

  @Test
  void goesInStepsOfAboutAMegabyte() {
    write(entries());
    indexes.drop(NUMBER);
    TableReader table = openWithout();
    try (var indexing = new PointIndexing(table, indexes, cache.buffers())) {
      long steps = 1;
      for (; indexing.step(); steps++) {
        assertFalse(table.hasPointIndex(), "none before it is complete");
      }
      assertTrue(table.hasPointIndex());
      long fileBytes = table.properties().fileBytes();
      assertTrue(steps > 1 && steps <= 1 + fileBytes / MIB, "steps=" + steps);
    }
    table.release();
  }

  @Test
  void whatDoesNotFitIsNotWorthMaking() {
    write(entries());
    indexes.drop(NUMBER);
    TableReader table = openWithout();
    long needed = PointIndex.bytesFor((int) table.properties().entries());
    try (var small = new BlockCache(8 * needed - 1);
        var large = new BlockCache(8 * needed)) {
      assertFalse(PointIndexes.within(small).isWorthMaking(table));
      assertTrue(PointIndexes.within(large).isWorthMaking(table));
    }
    assertFalse(PointIndexes.NONE.isWorthMaking(table));
    table.release();
  }

  @Test
  void aDamagedTableGetsNone() {
    write(entries());
    indexes.drop(NUMBER);
    TableReader table = openWithout();
    files.flip(table.name(), MIB, 1);
    assertThrows(CorruptionException.class, () -> TestTables.index(table, indexes, cache));
    assertFalse(table.hasPointIndex());
    table.release();
  }
}
