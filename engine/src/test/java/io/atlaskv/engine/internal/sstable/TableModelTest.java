package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tables with random content under random options against a sorted set of their entries.
class TableModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  /// Block of the newest version, block of the wanted one.
  private static final int FETCHES_MAX = 3;

  private static final int ROUNDS = Integer.getInteger("atlaskv.rounds", 24);

  /// Whether the table has a point index, and who made it.
  enum Indexed {
    NOT,
    BY_ITS_WRITER,
    WHEN_OPEN
  }

  @ParameterizedTest
  @EnumSource
  void pointReadsAndScansMatchASortedSet(Indexed indexed) {
    for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
      String repro = "rerun: -Dtest=TableModelTest -Datlaskv.rounds=1 -Datlaskv.seed=" + seed;
      var random = new Random(seed);
      var entries = entries(random);
      var options = options(random);
      var files = FaultFileSystem.create(seed);
      long cacheBytes = random.nextBoolean() ? 0 : 1L << (16 + random.nextInt(8));
      try (var cache = new BlockCache(cacheBytes, true);
          var lender = new BlockCache(indexed == Indexed.NOT ? 0 : 1 << 20);
          var indexes = PointIndexes.within(lender)) {
        PointIndexes writers = indexed == Indexed.BY_ITS_WRITER ? indexes : PointIndexes.NONE;
        TableProperties written =
            TestTables.write(files, 3, options, List.copyOf(entries), List.of(), writers);
        TableReader table = TestTables.open(files, 3, cache, writers);
        if (indexed == Indexed.WHEN_OPEN) {
          TestTables.index(table, indexes, cache);
        }
        assertEquals(indexed != Indexed.NOT, indexes.bytes() > 0, repro);
        assertEquals(written, table.properties(), repro);
        assertEquals(entries.size(), written.entries(), repro);
        assertEquals(entries.first().key(), written.smallest(), repro);
        assertEquals(entries.last().key(), written.largest(), repro);
        checkReads(table, cache, entries, random, repro + " " + options);
        checkScan(table, cache, entries, repro + " " + options);
        table.verifyChecksums(TestTables.STORE, cache);
        table.release();
        assertEquals(0, indexes.bytes(), repro);
      }
    }
  }

  private static void checkReads(
      TableReader table,
      BlockCache cache,
      NavigableSet<Entry> entries,
      Random random,
      String repro) {
    var blocking = new ReadContext(cache, ReadContext.Mode.BLOCKING);
    var nonBlocking = new ReadContext(cache, ReadContext.Mode.CACHE_ONLY);
    var out = new Lookup();
    var list = List.copyOf(entries);
    for (int step = 0; step < 800; step++) {
      Bytes key = list.get(random.nextInt(list.size())).key();
      if (random.nextInt(4) == 0) {
        key = neighbour(key, random);
      }
      long snapshot =
          switch (random.nextInt(3)) {
            case 0 -> SequenceNumber.MAX;
            case 1 -> random.nextInt(3_000);
            default -> InternalKey.sequence(list.get(random.nextInt(list.size())).trailer());
          };
      Entry expected = entries.ceiling(new Entry(key, InternalKey.seekTrailer(snapshot), key));
      if (expected != null && !expected.key().equals(key)) {
        expected = null;
      }
      ReadContext context = random.nextBoolean() ? blocking : nonBlocking;
      int state = getFetching(table, context, key, snapshot, out, repro);
      String message = repro + " step " + step + " key " + key + " snapshot " + snapshot;
      if (expected == null) {
        assertEquals(Lookup.ABSENT, state, message);
      } else if (InternalKey.kind(expected.trailer()) == ValueKind.DELETE) {
        assertEquals(Lookup.DELETED, state, message);
        assertEquals(InternalKey.sequence(expected.trailer()), out.sequence(), message);
      } else {
        assertEquals(Lookup.FOUND, state, message);
        assertEquals(InternalKey.sequence(expected.trailer()), out.sequence(), message);
        assertEquals(expected.value(), TestTables.value(out), message);
      }
      if (random.nextInt(3) == 0) {
        out.release();
      }
    }
    out.release();
    blocking.close();
    nonBlocking.close();
  }

  /// As a command does it: fetch and run again, which must soon succeed.
  private static int getFetching(
      TableReader table, ReadContext context, Bytes key, long snapshot, Lookup out, String repro) {
    for (int fetches = 0; fetches < FETCHES_MAX; fetches++) {
      try {
        int state = TestTables.get(table, context, key, snapshot, out);
        context.reset();
        return state;
      } catch (NeedsBlocks e) {
        assertFalse(context.isBlocking(), repro);
        assertTrue(context.hasNeeds(), repro);
        context.fetchNeeded();
      }
    }
    throw new AssertionError("no answer: " + repro);
  }

  private static void checkScan(
      TableReader table, BlockCache cache, NavigableSet<Entry> entries, String repro) {
    for (boolean fillsCache : new boolean[] {true, false}) {
      try (var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
        context.fillsCache(fillsCache);
        try (var iterator = table.iterator(context)) {
          iterator.seekToFirst();
          for (Entry entry : entries) {
            assertTrue(iterator.isValid(), repro);
            Bytes key = Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength());
            assertEquals(entry.key(), key, repro);
            assertEquals(entry.trailer(), iterator.trailer(), repro);
            assertEquals(entry.value().length(), iterator.valueLength(), repro);
            iterator.next();
          }
          assertFalse(iterator.isValid(), repro);
        }
      }
    }
  }

  private static TableOptions options(Random random) {
    return new TableOptions(
        256 << random.nextInt(8),
        random.nextInt(5),
        random.nextBoolean() ? TableOptions.Compression.LZ4 : TableOptions.Compression.NONE,
        random.nextInt(4) == 0 ? 0 : 4 + random.nextInt(16),
        random.nextBoolean(),
        prefixes(random));
  }

  /// Of the namespaces that the first four bytes of the keys below are taken for.
  private static PrefixLengths prefixes(Random random) {
    PrefixLengths lengths = PrefixLengths.NONE;
    for (String namespace : List.of("pppp", "user", "1234")) {
      int id = ByteArrays.beInt(namespace.getBytes(StandardCharsets.US_ASCII), 0);
      lengths = lengths.with(id, random.nextInt(6));
    }
    return lengths;
  }

  private static NavigableSet<Entry> entries(Random random) {
    var entries = new TreeSet<Entry>();
    int keys = 1 + random.nextInt(400);
    int versionsMax = random.nextInt(4) == 0 ? 60 : 3;
    var prefix = "p".repeat(random.nextInt(3) == 0 ? random.nextInt(300) : random.nextInt(12));
    var hugeLeft = 2;
    for (int i = 0; i < keys; i++) {
      Bytes key =
          Bytes.ofUtf8(prefix + (random.nextBoolean() ? "user:" : "") + random.nextInt(999));
      int huge = random.nextInt(150);
      if (huge == 0 && hugeLeft-- > 0) {
        key = Bytes.of(new byte[InternalKey.USER_KEY_BYTES_MAX - random.nextInt(2)]);
      }
      int versions = 1 + random.nextInt(versionsMax);
      for (int version = 0; version < versions; version++) {
        long sequence = random.nextInt(6) == 0 ? 0 : random.nextLong(1, 1 << random.nextInt(1, 24));
        if (random.nextInt(5) == 0) {
          entries.add(new Entry(key, InternalKey.pack(sequence, ValueKind.DELETE), Bytes.EMPTY));
        } else {
          int length =
              huge == 1 && hugeLeft-- > 0
                  ? 1 << 20
                  : random.nextInt(10) == 0 ? random.nextInt(12_000) : random.nextInt(120);
          entries.add(
              new Entry(key, InternalKey.pack(sequence, ValueKind.PUT), value(random, length)));
        }
      }
    }
    return entries;
  }

  private static Bytes value(Random random, int length) {
    byte[] value = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(value);
    } else {
      for (int i = 0; i < length; i++) {
        value[i] = (byte) "abcabd".charAt(i % 6);
      }
    }
    return Bytes.of(value);
  }

  /// A key that is probably not in the table but close to one that is.
  private static Bytes neighbour(Bytes key, Random random) {
    var bytes = new ArrayList<Byte>();
    for (byte b : key.toArray()) {
      bytes.add(b);
    }
    if (bytes.isEmpty() || random.nextBoolean()) {
      bytes.add((byte) random.nextInt());
    } else {
      bytes.removeLast();
    }
    byte[] result = new byte[bytes.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.get(i);
    }
    return Bytes.of(result);
  }
}
