package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.internal.db.RandomOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams of ranges: what they give, when they read, and when they let go.
class RangeStreamTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int QUERIES = 3_000;

  @TempDir private Path directory;

  private Db open() {
    return AtlasKv.open(directory, RandomOptions.SMALL.withDurability(Durability.OS));
  }

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  private static void fill(Db db, int entries) {
    for (int i = 0; i < entries; i++) {
      db.put(key(i), key(-i));
    }
  }

  private static Bytes anyKey(Random random) {
    byte[] bytes = new byte[random.nextInt(4)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(4) - 2); // on both sides of the sign, and ff
    }
    return Bytes.of(bytes);
  }

  /// In both directions, with any bounds and limits, of tables and memtables with overwritten and
  /// deleted keys.
  @Test
  void streamsMatchATreeMap() {
    var random = new Random(SEED);
    var model = new TreeMap<Bytes, Bytes>();
    try (Db db = open()) {
      for (int query = 0; query < QUERIES; query++) {
        Bytes key = anyKey(random);
        if (random.nextInt(3) == 0) {
          db.delete(key.toArray());
          model.remove(key);
        } else {
          db.put(key.toArray(), key(query));
          model.put(key, Bytes.of(key(query)));
        }
        if (random.nextInt(200) == 0) {
          db.flush();
        }
        checkOne(db, model, random, "seed " + SEED + ", query " + query);
      }
      assertEquals(0, db.statistics().openSnapshots());
    }
  }

  private static void checkOne(
      Db db, NavigableMap<Bytes, Bytes> model, Random random, String repro) {
    Bytes from = anyKey(random);
    Bytes to = anyKey(random);
    boolean hasFrom = random.nextBoolean();
    boolean hasTo = random.nextBoolean();
    var range = new Range(hasFrom ? from : null, hasTo ? to : null);
    NavigableMap<Bytes, Bytes> part = model;
    if (hasFrom && hasTo && from.compareTo(to) > 0) {
      part = new TreeMap<>();
    } else {
      part = hasFrom ? part.tailMap(from, true) : part;
      part = hasTo ? part.headMap(to, false) : part;
    }
    RangeQuery query = db.range(range);
    if (random.nextBoolean()) {
      query = query.reverse();
      part = part.descendingMap();
    }
    long limit = random.nextInt(3) == 0 ? random.nextInt(8) : Long.MAX_VALUE;
    List<Entry> expected =
        part.entrySet().stream()
            .limit(limit)
            .map(entry -> new Entry(entry.getKey(), entry.getValue()))
            .toList();
    assertEquals(expected, query.limit(limit).stream().toList(), repro);
    var visited = new ArrayList<Entry>();
    query.limit(limit).forEach(visited::add);
    assertEquals(expected, visited, repro);
  }

  @Test
  void entriesAreMadeAsTheyAreAskedFor() {
    try (Db db = open()) {
      fill(db, 1_000);
      var made = new ArrayList<Entry>();
      try (Stream<Entry> stream = db.range(Range.all()).stream().peek(made::add)) {
        assertEquals(7, stream.filter(entry -> entry.key().at(3) % 2 == 0).limit(7).count());
      }
      assertThat(made).hasSize(13); // 0 to 12
      assertEquals(0, db.statistics().openSnapshots());
    }
  }

  @Test
  void aStreamIsOfTheMomentItWasMade() {
    try (Db db = open()) {
      fill(db, 1_000);
      try (Stream<Entry> stream = db.range(Range.all()).reverse().stream()) {
        fill(db, 2_000);
        db.clear();
        assertEquals(1_000, stream.count());
      }
    }
  }

  @Test
  void aStreamLetsGoWhereverItEnds() {
    try (Db db = open()) {
      fill(db, 100);
      Stream<Entry> left = db.range(Range.all()).stream();
      Iterator<Entry> entries = left.iterator();
      entries.next();
      assertEquals(1, db.statistics().openSnapshots());
      left.close();
      assertEquals(0, db.statistics().openSnapshots());
      assertThrows(ClosedException.class, entries::next);
      assertThrows(
          IllegalStateException.class, () -> db.range(Range.all()).forEach(_ -> failing()));
      assertEquals(0, db.statistics().openSnapshots());
      assertTrue(db.range(Range.all()).stream().allMatch(entry -> entry.value().length() == 4));
      assertFalse(db.range(Range.lessThan(key(0))).stream().findAny().isPresent());
      assertEquals(0, db.statistics().openSnapshots());
    }
  }

  private static void failing() {
    throw new IllegalStateException("the caller's own");
  }

  @Test
  void aCloseOfTheStoreEndsStreams() {
    Iterator<Entry> entries;
    try (Db db = open()) {
      fill(db, 100);
      entries = db.range(Range.all()).stream().iterator();
      entries.next();
    }
    assertThrows(ClosedException.class, entries::next);
  }
}
