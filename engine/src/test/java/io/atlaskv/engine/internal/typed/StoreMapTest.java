package io.atlaskv.engine.internal.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The map against a `TreeMap`, its writes against other writers, and what its iterators hold.
class StoreMapTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=StoreMapTest -Datlaskv.seed=" + SEED;
  private static final int STEPS = 5_000;
  private static final int THREADS = 4;
  private static final int INCREMENTS = 2_000;

  @TempDir private Path directory;
  private Db db;

  @BeforeEach
  void open() {
    // Memtables of a few hundred entries: updates meet flushes and compactions.
    db =
        AtlasKv.open(
            directory,
            Options.DEFAULT
                .withMemoryLimitBytes(64 << 20)
                .withMemtableEntriesMax(300)
                .withDurability(Durability.OS));
  }

  @AfterEach
  void close() {
    db.close();
  }

  private ConcurrentNavigableMap<Integer, String> map() {
    return db.namespace("map").asMap(Codec.int32(), Codec.utf8());
  }

  /// Nothing is met twice because something behind it cannot be read.
  @Test
  void anIteratorStandsWhereItFailed() {
    KeyValueStore raw = db.namespace("map");
    for (int i = 0; i < 20; i++) {
      raw.put(Codec.int32().toBytes(i), new byte[i == 18 ? 3 : Integer.BYTES]);
    }
    var entries = raw.asMap(Codec.int32(), Codec.int32()).entrySet().iterator();
    for (int i = 0; i < 16; i++) { // the first page
      assertEquals(i, entries.next().getKey());
    }
    assertThrows(RuntimeException.class, entries::hasNext);
    assertThrows(RuntimeException.class, entries::hasNext);
    raw.put(Codec.int32().toBytes(18), new byte[Integer.BYTES]);
    assertEquals(16, entries.next().getKey());
  }

  @Test
  void randomOperationsMatchATreeMap() {
    var random = new Random(SEED);
    ConcurrentNavigableMap<Integer, String> map = map();
    var model = new TreeMap<Integer, String>();
    for (int step = 0; step < STEPS; step++) {
      int key = random.nextInt(-500, 500);
      String value = "v" + random.nextInt(4);
      String other = "v" + random.nextInt(4);
      int action = random.nextInt(16);
      String what = "step " + step + " action " + action + " key " + key + "; " + REPRO;
      switch (action) {
        case 0, 1, 2, 3, 4 -> assertEquals(model.put(key, value), map.put(key, value), what);
        case 5, 6 -> assertEquals(model.remove(key), map.remove(key), what);
        case 7 -> assertEquals(model.putIfAbsent(key, value), map.putIfAbsent(key, value), what);
        case 8 ->
            assertEquals(model.replace(key, value, other), map.replace(key, value, other), what);
        case 9 -> assertEquals(model.remove(key, value), map.remove(key, value), what);
        case 10 ->
            assertEquals(
                model.merge(key, value, String::concat),
                map.merge(key, value, String::concat),
                what);
        case 11 ->
            assertEquals(
                model.computeIfPresent(key, (_, old) -> old.length() > 4 ? null : old + "x"),
                map.computeIfPresent(key, (_, old) -> old.length() > 4 ? null : old + "x"),
                what);
        case 12 ->
            assertEquals(
                model.computeIfAbsent(key, k -> "c" + k),
                map.computeIfAbsent(key, k -> "c" + k),
                what);
        case 13 -> {
          int end = key + random.nextInt(20);
          model.subMap(key, true, end, false).clear();
          map.subMap(key, true, end, false).clear();
        }
        case 14 -> assertNeighbours(model, map, key, what);
        default -> assertPart(model, map, key, key + random.nextInt(200), what);
      }
    }
    assertEquals(model, map, REPRO);
    assertThat(map.descendingMap().entrySet())
        .as(REPRO)
        .containsExactlyElementsOf(model.descendingMap().entrySet());
  }

  private static void assertNeighbours(
      NavigableMap<Integer, String> model,
      NavigableMap<Integer, String> map,
      int key,
      String what) {
    assertEquals(model.lowerEntry(key), map.lowerEntry(key), what);
    assertEquals(model.floorKey(key), map.floorKey(key), what);
    assertEquals(model.ceilingEntry(key), map.ceilingEntry(key), what);
    assertEquals(model.higherKey(key), map.higherKey(key), what);
    assertEquals(model.firstEntry(), map.firstEntry(), what);
    assertEquals(model.lastEntry(), map.lastEntry(), what);
  }

  private static void assertPart(
      NavigableMap<Integer, String> model,
      NavigableMap<Integer, String> map,
      int from,
      int to,
      String what) {
    var modelPart = model.subMap(from, false, to, true).descendingMap();
    var part = map.subMap(from, false, to, true).descendingMap();
    assertEquals(new ArrayList<>(modelPart.entrySet()), new ArrayList<>(part.entrySet()), what);
    assertEquals(modelPart.size(), part.size(), what);
    assertEquals(modelPart.firstEntry(), part.firstEntry(), what);
  }

  /// Increments through two maps, through the byte interface, and across flushes: none is lost.
  @Test
  void updatesOfAllDoorsAreOneStepEach() throws Exception {
    KeyValueStore namespace = db.namespace("counters");
    byte[] keyBytes = Codec.utf8().toBytes("hits");
    var isDone = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(THREADS + 1)) {
      var results = new ArrayList<Future<?>>();
      for (int thread = 0; thread < THREADS; thread++) {
        boolean isByteUser = thread == 0;
        var map = namespace.asMap(Codec.utf8(), Codec.int64());
        results.add(
            threads.submit(() -> {
              for (int i = 0; i < INCREMENTS; i++) {
                if (isByteUser) {
                  namespace.update(
                      keyBytes,
                      old ->
                          Codec.int64()
                              .toBytes(old == null ? 1 : Codec.int64().fromBytes(old) + 1));
                } else {
                  map.merge("hits", 1L, Long::sum);
                }
              }
            }));
      }
      Future<?> others =
          threads.submit(
              () -> { // fills memtables, so that the counter is flushed between read and write
                for (int i = 0; !isDone.get(); i++) {
                  namespace.put(Codec.utf8().toBytes("other" + i % 1_000), new byte[10]);
                }
              });
      for (Future<?> result : results) {
        result.get();
      }
      isDone.set(true);
      others.get();
    }
    assertEquals((long) THREADS * INCREMENTS, namespace.get(keyBytes, Codec.int64()), "increments");
  }

  /// Whoever wins `putIfAbsent` is the only one, though range deletions clear the way all the time.
  @Test
  void putIfAbsentAndRangeDeletionsAreInOneOrder() throws Exception {
    ConcurrentNavigableMap<Integer, String> map = map();
    var wins = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (int thread = 0; thread < THREADS; thread++) {
        String name = "t" + thread;
        wins.add(
            threads.submit(() -> {
              int won = 0;
              for (int i = 0; i < INCREMENTS; i++) {
                if (map.putIfAbsent(1, name) == null) {
                  won++;
                  assertEquals(name, map.get(1)); // nobody may replace it
                  assertTrue(map.remove(1, name)); // nor take it away
                }
                map.subMap(2, 5).clear();
              }
              return won;
            }));
      }
    }
    int sum = 0;
    for (Future<Integer> each : wins) {
      sum += each.get();
    }
    assertTrue(sum > 0);
    assertNull(map.get(1));
  }

  @Test
  void aRangeDeletionBetweenReadAndWriteIsSeen() {
    KeyValueStore namespace = db.namespace("map");
    ConcurrentNavigableMap<Integer, String> map = map();
    map.put(1, "a");
    var calls = new ArrayList<String>();
    String after =
        map.compute(
            1,
            (_, old) -> {
              calls.add(String.valueOf(old));
              if (calls.size() == 1) {
                namespace.clear(); // what a function must not do, standing for another thread
              }
              return old + "!";
            });
    assertEquals(List.of("a", "null"), calls);
    assertEquals("null!", after);
    assertEquals("null!", map.get(1));
  }

  @Test
  void aFlushBetweenReadAndWriteIsSeen() {
    ConcurrentNavigableMap<Integer, String> map = map();
    map.put(1, "a");
    var calls = new ArrayList<String>();
    map.compute(
        1,
        (_, old) -> {
          calls.add(String.valueOf(old));
          if (calls.size() == 1) {
            map.put(1, "b");
            db.flush(); // "b" is in a table now, where the condition does not look
          }
          return old + "!";
        });
    assertEquals(List.of("a", "b"), calls);
    assertEquals("b!", map.get(1));
  }

  @Test
  void aWriteOfAnotherKeyDoesNotDisturb() {
    ConcurrentNavigableMap<Integer, String> map = map();
    var calls = new ArrayList<Integer>();
    map.compute(
        1,
        (key, _) -> {
          calls.add(key);
          map.put(2, "b");
          return "a";
        });
    assertEquals(List.of(1), calls);
  }

  @Test
  void anIteratorLeftHalfwayHoldsNothing() {
    ConcurrentNavigableMap<Integer, String> map = map();
    fill(map, 1_000);
    var iterator = map.entrySet().iterator();
    for (int i = 0; i < 100; i++) {
      assertEquals(Map.entry(i, "v" + i), iterator.next());
      assertEquals(0, db.statistics().openSnapshots());
    }
    try (var stream = map.keySet().stream()) {
      assertEquals(0, stream.findFirst().orElseThrow());
    }
    assertEquals(0, db.statistics().openSnapshots());
  }

  @Test
  void anIteratorMeetsEachKeyOnceWhilePagesComeAndGo() {
    ConcurrentNavigableMap<Integer, String> map = map();
    fill(map, 2_000);
    var met = new ArrayList<Integer>();
    for (Integer key : map.keySet()) {
      met.add(key);
      map.remove(key); // behind it
      map.put(-1 - key, "new"); // before all
    }
    assertThat(met).hasSize(2_000).isSorted().doesNotHaveDuplicates();
    assertEquals(2_000, map.size());
  }

  @Test
  void streamsOfRangesCloseTheirCursor() {
    fill(map(), 1_000);
    KeyValueStore namespace = db.namespace("map");
    var range = Range.all();
    assertEquals(1_000, namespace.range(range).stream().count());
    assertEquals(0, db.statistics().openSnapshots(), "read to its end");
    try (var stream = namespace.range(range).limit(10).stream()) {
      assertTrue(stream.findFirst().isPresent());
      assertEquals(1, db.statistics().openSnapshots());
    }
    assertEquals(0, db.statistics().openSnapshots(), "left early, and closed");
  }

  @Test
  void largeEntriesMakeSmallPages() {
    var map = db.namespace("large").asMap(Codec.int32(), Codec.byteArray());
    for (int i = 0; i < 40; i++) {
      map.put(i, new byte[256 << 10]);
    }
    int next = 0;
    for (var entry : map.entrySet()) {
      assertEquals(next++, entry.getKey());
    }
    assertEquals(40, next);
  }

  @Test
  void keysOfAnotherTypeAreRefused() {
    ConcurrentNavigableMap<Integer, String> map = map();
    assertThrows(ClassCastException.class, () -> ((Map<?, ?>) map).get("text"));
    db.namespace("map").put(new byte[3], new byte[1]);
    assertThrows(IllegalArgumentException.class, () -> map.firstKey());
  }

  @Test
  void everyCallAfterCloseIsRefused() {
    ConcurrentNavigableMap<Integer, String> map = map();
    fill(map, 1_000);
    var iterator = map.keySet().iterator();
    assertEquals(0, iterator.next());
    db.close();
    assertThrows(ClosedException.class, () -> map.get(1));
    assertThrows(ClosedException.class, () -> map.put(1, "a"));
    assertThrows(ClosedException.class, () -> map.merge(1, "a", String::concat));
    assertThrows(ClosedException.class, map::size);
    assertThrows(
        ClosedException.class,
        () -> {
          while (iterator.hasNext()) {
            iterator.next();
          }
        });
  }

  @Test
  void handlesOfADroppedNamespaceAreRefused() {
    ConcurrentNavigableMap<Integer, String> map = map();
    map.put(1, "a");
    db.dropNamespace("map");
    assertThrows(IllegalStateException.class, () -> map.get(1));
    assertThrows(IllegalStateException.class, () -> map.put(1, "a"));
    assertFalse(map().containsKey(1));
  }

  private static void fill(ConcurrentNavigableMap<Integer, String> map, int count) {
    var entries = new TreeMap<Integer, String>();
    for (int i = 0; i < count; i++) {
      entries.put(i, "v" + i);
    }
    map.putAll(entries);
  }
}
