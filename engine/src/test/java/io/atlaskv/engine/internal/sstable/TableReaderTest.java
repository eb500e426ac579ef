package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableReaderTest {
  private static final TableOptions SMALL_BLOCKS = TableOptions.DEFAULT.withBlockBytes(256);

  private final FaultFileSystem files = FaultFileSystem.create(1);

  private static List<Entry> entries(int count) {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < count; i++) {
      entries.add(Entry.put("key:%06d".formatted(i), i + 1L, "value " + i));
    }
    return entries;
  }

  @Test
  void cutsAreBordersOfBlocksAndMakeSlicesOfAboutTheSameBytes() {
    var entries = entries(20_000);
    TestTables.write(files, 1, SMALL_BLOCKS, entries);
    try (var cache = new BlockCache(1 << 20, true)) {
      TableReader table = TestTables.open(files, 1, cache);
      int blocks = table.index().blocks();
      assertTrue(table.index().levels() > 1, "blocks=" + blocks);
      for (int slices : new int[] {1, 2, 3, 32, 100}) {
        List<byte[]> cuts = table.cuts(slices);
        assertEquals(slices - 1, cuts.size());
        for (int i = 0; i < cuts.size(); i++) {
          double share = table.share(null, cuts.get(i));
          assertEquals((i + 1.0) / slices, share, 2.0 / blocks, "cut " + i);
        }
      }
      assertTrue(table.cuts(10 * blocks).size() < blocks);
      for (int block = 0; block < blocks; block++) { // no entry of it is after, none behind before
        byte[] border = table.index().separator(block);
        assertEquals(block, table.index().find(border, 0, border.length, 0), "block " + block);
      }
      table.release();
    }
  }

  @Test
  void scansWithoutBlockingBySeekingAgainAfterEachFetch() {
    var entries = entries(2_000);
    TestTables.write(files, 1, SMALL_BLOCKS, entries);
    for (long cacheBytes : new long[] {0, 64 << 10, 4 << 20}) {
      try (var cache = new BlockCache(cacheBytes, true);
          var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
        TableReader table = TestTables.open(files, 1, cache);
        int fetches = 0;
        int at = 0;
        try (var iterator = table.iterator(context)) {
          boolean isPlaced = false;
          while (at < entries.size()) {
            try {
              if (isPlaced) {
                iterator.next();
              } else {
                byte[] key = entries.get(at).key().toArray();
                iterator.seek(key, 0, key.length);
                isPlaced = true;
              }
              assertTrue(iterator.isValid());
              assertEquals(
                  entries.get(at).key(), Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()));
              at++;
            } catch (NeedsBlocks e) {
              isPlaced = false;
              fetches++;
              context.reset();
              assertTrue(fetches < 10_000, "no progress at " + at);
              refetch(table, context, entries.get(at).key());
            }
          }
        }
        assertTrue(fetches > 0 && fetches <= table.properties().dataBlocks(), "" + fetches);
        table.release();
      }
    }
  }

  /// As the expirer does: each run seeks to where the last one came.
  @Test
  void runsThatGoOnFromEachOtherFetchPiecesThatDouble() {
    var entries = entries(20_000);
    TestTables.write(files, 1, SMALL_BLOCKS, entries);
    TestTables.write(files, 2, SMALL_BLOCKS, entries);
    try (var cache = new BlockCache(16 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
      TableReader one = TestTables.open(files, 1, cache);
      TableReader other = TestTables.open(files, 2, cache);
      int blocks = one.index().blocks();
      assertTrue(blocks > 1_000, "blocks=" + blocks);
      int fetches = 0;
      for (int at = 0; at < entries.size(); at += 50) { // both side by side
        fetches += fetchesOfRun(one, context, entries.get(at).key(), 50);
        fetches += fetchesOfRun(other, context, entries.get(at).key(), 50);
      }
      int most = blocks / 64 + 1 + 6; // 1, 2, 4, 8, 16, 32, and then 64 at a time
      assertTrue(fetches <= 2 * most, "fetches=" + fetches + " blocks=" + blocks);
      assertTrue(fetches >= 2 * (blocks / 64), "more than 64 blocks at once: " + fetches);
      one.release();
      other.release();
    }
  }

  @Test
  void runsInAnyOtherOrderFetchOneBlockEach() {
    var entries = entries(20_000);
    TestTables.write(files, 1, SMALL_BLOCKS, entries);
    try (var cache = new BlockCache(16 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
      TableReader table = TestTables.open(files, 1, cache);
      long before = cache.blockCount();
      for (int i = 1; i <= 20; i++) {
        assertEquals(
            1, fetchesOfRun(table, context, entries.get(entries.size() - i * 900).key(), 1));
      }
      assertEquals(20, cache.blockCount() - before);
      table.release();
    }
  }

  /// Reads some entries from `key` on; how often it had to fetch.
  private static int fetchesOfRun(TableReader table, ReadContext context, Bytes key, int count) {
    int fetches = 0;
    for (int read = 0; read < count; ) {
      read = 0;
      try (var iterator = table.iterator(context)) {
        iterator.seek(key.toArray(), 0, key.length());
        while (iterator.isValid() && ++read < count) {
          iterator.next();
        }
      } catch (NeedsBlocks e) {
        read = 0;
        fetches++;
        context.fetchNeeded();
      }
    }
    context.reset();
    return fetches;
  }

  /// Runs the seek once more to record what it needs, and fetches that.
  private static void refetch(TableReader table, ReadContext context, Bytes key) {
    try (var iterator = table.iterator(context)) {
      iterator.seek(key.toArray(), 0, key.length());
    } catch (NeedsBlocks e) {
      context.fetchNeeded();
    }
  }

  @Test
  void aForwardWalkAsksForSeveralBlocksAtOnce() {
    TestTables.write(files, 1, SMALL_BLOCKS, entries(2_000));
    try (var cache = new BlockCache(4 << 20, true);
        var blocking = new ReadContext(cache, ReadContext.Mode.BLOCKING);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
      TableReader table = TestTables.open(files, 1, cache);
      try (var warm = table.iterator(blocking)) { // the first 100 entries are in the cache
        warm.seekToFirst();
        for (int i = 0; i < 100; i++) {
          warm.next();
        }
      }
      try (var iterator = table.iterator(context)) {
        assertThrows(
            NeedsBlocks.class,
            () -> {
              iterator.seekToFirst();
              while (iterator.isValid()) {
                iterator.next();
              }
            });
      }
      long before = cache.blockCount();
      context.fetchNeeded();
      assertTrue(cache.blockCount() >= before + 8, "fetched " + (cache.blockCount() - before));
      table.release();
    }
  }

  @Test
  void aTableCanConsistOfRangeTombstones() {
    var range = new RangeTombstone(Bytes.ofUtf8("b"), Bytes.ofUtf8("d"), 9);
    TableProperties properties =
        TestTables.write(files, 1, TableOptions.DEFAULT, List.of(), List.of(range));
    assertEquals(Bytes.ofUtf8("b"), properties.smallest());
    assertEquals(Bytes.ofUtf8("d"), properties.largest());
    assertTrue(properties.isLargestExclusive());
    try (var cache = new BlockCache(1 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
      TableReader table = TestTables.open(files, 1, cache);
      byte[] covered = {'c'};
      assertEquals(9, table.rangeTombstones().coveringSequence(covered, 0, 1, SequenceNumber.MAX));
      int state =
          TestTables.get(table, context, Bytes.ofUtf8("c"), SequenceNumber.MAX, new Lookup());
      assertEquals(Lookup.ABSENT, state);
      table.release();
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 100", "true, 5"})
  void missingKeysAreAnsweredWithoutBlocks(boolean isIndexed, int neededMax) {
    try (var cache = new BlockCache(0, true);
        var lender = new BlockCache(1 << 20);
        var indexes = isIndexed ? PointIndexes.within(lender) : PointIndexes.NONE;
        var context = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY)) {
      TestTables.write(files, 1, TableOptions.DEFAULT, entries(5_000), List.of(), indexes);
      TableReader table = TestTables.open(files, 1, cache, indexes);
      int needed = 0;
      for (int i = 0; i < 5_000; i++) {
        try {
          var key = Bytes.ofUtf8("key:%06dx".formatted(i));
          TestTables.get(table, context, key, SequenceNumber.MAX, new Lookup());
        } catch (NeedsBlocks e) {
          needed++;
        }
      }
      assertTrue(needed < neededMax, "false positives: " + needed + " of 5000");
      table.release();
    }
  }

  /// Three keys that the point index cannot tell apart, two of which are in the table.
  @Test
  void keysOfOneFingerprintAreToldApart() {
    List<Bytes> alike = keysOfOneFingerprint(3);
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < 2; i++) {
      Bytes key = alike.get(i);
      entries.add(Entry.put(key.toString(), 7, "new " + i));
      entries.add(Entry.put(key.toString(), 5, "old " + i));
    }
    entries.sort(null);
    try (var cache = new BlockCache(1 << 20, true);
        var indexes = PointIndexes.within(cache);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      TestTables.write(files, 1, TableOptions.DEFAULT, entries, List.of(), indexes);
      TableReader table = TestTables.open(files, 1, cache, indexes);
      var out = new Lookup();
      for (int i = 0; i < 2; i++) {
        Bytes key = alike.get(i);
        assertEquals(Lookup.FOUND, TestTables.get(table, context, key, SequenceNumber.MAX, out));
        assertEquals(Bytes.ofUtf8("new " + i), TestTables.value(out));
        assertEquals(Lookup.FOUND, TestTables.get(table, context, key, 6, out));
        assertEquals(Bytes.ofUtf8("old " + i), TestTables.value(out));
        assertEquals(Lookup.ABSENT, TestTables.get(table, context, key, 4, out));
      }
      Bytes absent = alike.get(2);
      assertEquals(Lookup.ABSENT, TestTables.get(table, context, absent, SequenceNumber.MAX, out));
      table.release();
    }
  }

  private static List<Bytes> keysOfOneFingerprint(int count) {
    var byFingerprint = new HashMap<Long, List<Bytes>>();
    for (int i = 0; ; i++) {
      Bytes key = Bytes.ofUtf8("key:%06d".formatted(i));
      long hash = TableReader.hash(key.toArray(), 0, key.length());
      List<Bytes> alike =
          byFingerprint.computeIfAbsent(PointIndex.fingerprint(hash), _ -> new ArrayList<>());
      alike.add(key);
      if (alike.size() == count) {
        return alike;
      }
    }
  }

  @Test
  void aTableThatCannotBeOpenedGivesItsPointIndexBack() {
    try (var cache = new BlockCache(1 << 20, true);
        var indexes = PointIndexes.within(cache)) {
      TestTables.write(files, 1, TableOptions.DEFAULT, entries(100), List.of(), indexes);
      assertTrue(indexes.bytes() > 0);
      assertThrows(
          CorruptionException.class,
          () -> TableReader.open(files, 1, new UUID(1, 1), cache, indexes));
      assertEquals(0, indexes.bytes());
    }
  }

  @Test
  void theFileStaysOpenUntilTheLastRelease() {
    TestTables.write(files, 1, TableOptions.DEFAULT, entries(10));
    try (var cache = new BlockCache(0, true);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      TableReader table = TestTables.open(files, 1, cache);
      table.retain();
      table.release();
      var out = new Lookup();
      var key = Bytes.ofUtf8("key:000003");
      assertEquals(Lookup.FOUND, TestTables.get(table, context, key, SequenceNumber.MAX, out));
      out.release();
      table.release();
      assertThrows(
          RuntimeException.class,
          () -> TestTables.get(table, context, key, SequenceNumber.MAX, out));
    }
  }

  @Test
  void aWriterThatGivesUpLeavesNoFile() {
    var writer =
        new TableWriter(
            files,
            4,
            TestTables.STORE,
            TableOptions.DEFAULT,
            FreshBlocks.UNCACHED,
            PointIndexes.NONE,
            TestTables.CREATED_MILLIS);
    assertTrue(writer.isEmpty());
    assertThrows(IllegalStateException.class, writer::finish);
    writer.abandon();
    writer.abandon();
    assertFalse(files.exists("000004.sst"));
  }
}
