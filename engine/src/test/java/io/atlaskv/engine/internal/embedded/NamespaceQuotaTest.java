package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.QuotaExceededException;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.io.Clock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceQuotaTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int STEPS = 3_000;
  private static final int KEYS = 40;
  private static final long ENTRIES_MAX = 25;
  private static final long BYTES_MAX = 600;
  private static final int BRIEF_MILLIS = 3;
  private static final NamespaceOptions QUOTA =
      NamespaceOptions.DEFAULT.withQuotaBytes(BYTES_MAX).withQuotaEntries(ENTRIES_MAX);

  @TempDir private Path directory;
  private Db db;
  private KeyValueStore store;

  @BeforeEach
  void open() {
    db = AtlasKv.open(directory, RandomOptions.SMALL);
    store = db.namespace("bounded", QUOTA);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void reopen() {
    db.close();
    db = AtlasKv.open(directory, RandomOptions.SMALL);
    store = db.namespace("bounded");
    assertEquals(QUOTA, store.options());
  }

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  private long counted(int counter) {
    int id = ((EmbeddedNamespace) store).namespaceId();
    return ((EmbeddedDb) db).engine().counter(id, counter);
  }

  private static long bytes(NavigableMap<Integer, byte[]> entries) {
    return entries.values().stream().mapToLong(value -> Integer.BYTES + value.length).sum();
  }

  /// Random writes by every way there is, against a map: counted exactly, and refused exactly when
  /// there would be too much and more than there is.
  @Test
  void countsExactlyAndRefusesWhatIsTooMuch() {
    var random = new Random(SEED);
    var model = new TreeMap<Integer, byte[]>();
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      var wanted = new TreeMap<>(model);
      Runnable write = write(random, wanted);
      boolean isTooMuch =
          (wanted.size() > ENTRIES_MAX && wanted.size() > model.size())
              || (bytes(wanted) > BYTES_MAX && bytes(wanted) > bytes(model));
      String message = "step " + step + ", seed " + SEED;
      if (isTooMuch) {
        assertThrows(QuotaExceededException.class, write::run, message);
        refused++;
      } else {
        write.run();
        model = wanted;
      }
      if (random.nextInt(200) == 0) {
        reopen();
      } else if (random.nextInt(50) == 0) {
        db.flush();
      }
      assertEquals(model.size(), counted(QuotaCharge.ENTRIES), message);
      assertEquals(bytes(model), counted(QuotaCharge.BYTES), message);
    }
    assertThat(refused).isBetween(STEPS / 20, STEPS / 2);
    try (var entries = store.range(Range.all()).stream()) {
      assertEquals(model.size(), entries.count());
    }
  }

  /// A random write, done to the model at once.
  private Runnable write(Random random, NavigableMap<Integer, byte[]> model) {
    int key = random.nextInt(KEYS);
    int end = key + random.nextInt(5);
    byte[] value = new byte[random.nextInt(60)];
    return switch (random.nextInt(20)) {
      case 0 -> {
        model.remove(key);
        yield () -> store.delete(key(key));
      }
      case 1 -> {
        model.subMap(key, end).clear();
        yield () -> store.deleteRange(Range.closedOpen(key(key), key(end)));
      }
      case 2 -> {
        if (random.nextInt(5) > 0) {
          yield () -> {};
        }
        model.clear();
        yield () -> store.clear();
      }
      case 3 -> {
        model.put(key, value);
        yield () -> store.update(key(key), _ -> value);
      }
      case 4 -> {
        model.put(key, value);
        yield () -> store.asMap(Codec.int32(), Codec.bytes()).put(key, Bytes.of(value));
      }
      case 5 -> {
        model.put(key, value);
        yield () -> store.put(MemorySegment.ofArray(key(key)), MemorySegment.ofArray(value));
      }
      case 6 -> {
        model.put(key, value);
        model.subMap(key, end).clear();
        model.put(end, value);
        yield () ->
            db.write(
                WriteBatch.of(batch ->
                    batch
                        .put(store, key(key), value)
                        .deleteRange(store, Range.closedOpen(key(key), key(end)))
                        .put(store, key(end), value)
                        .put(key(key), value)));
      }
      case 7 -> {
        if (random.nextInt(5) > 0) {
          yield () -> {};
        }
        model.clear();
        model.put(key, value);
        yield () -> store.write(new WriteBatch().deleteRange(Range.all()).put(key(key), value));
      }
      case 8 -> {
        model.put(key, value);
        model.remove(end);
        yield () ->
            db.transact(tx -> {
              TransactionStore within = tx.of(store);
              within.put(key(end), value);
              within.put(key(key), value);
              if (end != key) {
                within.delete(key(end));
              } else {
                within.delete(key(key));
              }
            });
      }
      default -> {
        model.put(key, value);
        yield () -> store.put(key(key), value);
      }
    };
  }

  @Test
  void isExactWithManyWriters() throws Exception {
    int threads = 4;
    var refused = new AtomicInteger();
    var results = new ArrayList<Future<?>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < threads; thread++) {
        var random = new Random(SEED + thread);
        results.add(
            executor.submit(() -> {
              for (int i = 0; i < 500; i++) {
                try {
                  writeAny(random);
                } catch (QuotaExceededException e) {
                  assertThat(e.used()).isLessThanOrEqualTo(e.limit());
                  refused.incrementAndGet();
                }
              }
            }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
    assertThat(refused.get()).isPositive();
    sweepAll();
    var found = new TreeMap<Integer, byte[]>();
    store
        .range(Range.all())
        .forEach(entry ->
            found.put(Codec.int32().fromBytes(entry.key().toArray()), entry.value().toArray()));
    assertEquals(found.size(), counted(QuotaCharge.ENTRIES));
    assertEquals(bytes(found), counted(QuotaCharge.BYTES));
    assertThat(found.size()).isLessThanOrEqualTo((int) ENTRIES_MAX);
  }

  /// Waits until all is due that will be, and has it taken out of the count.
  private void sweepAll() {
    Clock clock = ((EmbeddedDb) db).engine().clock();
    long end = clock.currentTimeMillis() + BRIEF_MILLIS;
    while (clock.currentTimeMillis() <= end) {
      Thread.onSpinWait();
    }
    boolean isSwept = true;
    while (isSwept) {
      isSwept = QuotaSweep.sweep((EmbeddedDb) db, (EmbeddedNamespace) store);
    }
  }

  private void writeAny(Random random) {
    byte[] key = key(random.nextInt(KEYS));
    byte[] value = new byte[random.nextInt(40)];
    switch (random.nextInt(4)) {
      case 0 -> store.delete(key);
      case 1 ->
          store.put(key, value, Expiry.after(Duration.ofMillis(1 + random.nextInt(BRIEF_MILLIS))));
      default -> store.put(key, value);
    }
  }

  @Test
  void tellsWhatIsWrong() {
    for (int i = 0; i < ENTRIES_MAX; i++) {
      store.put(key(i), new byte[0]);
    }
    var refusal = assertThrows(QuotaExceededException.class, () -> store.put(key(99), new byte[0]));
    assertEquals("bounded", refusal.namespace());
    assertEquals("entries", refusal.unit());
    assertEquals(ENTRIES_MAX, refusal.limit());
    assertEquals(ENTRIES_MAX, refusal.used());
    assertEquals(ENTRIES_MAX + 1, refusal.wanted());
    assertThat(refusal)
        .hasMessage("namespace 'bounded' may have 25 entries, has 25, and would have 26");
  }

  @Test
  void aQuotaThatIsLoweredStopsGrowthOnly() {
    for (int i = 0; i < 10; i++) {
      store.put(key(i), new byte[10]);
    }
    store = db.namespace("bounded", QUOTA.withQuotaEntries(5).withQuotaBytes(50));
    store.put(key(1), new byte[9]);
    assertThrows(QuotaExceededException.class, () -> store.put(key(1), new byte[10]));
    store.delete(key(2));
    assertThrows(QuotaExceededException.class, () -> store.put(key(2), new byte[0]));
    store = db.namespace("bounded", QUOTA);
    store.put(key(2), new byte[0]);
  }

  @Test
  void aQuotaComesWithTheNamespaceOrNotAtAll() {
    db.namespace("other");
    assertThrows(IllegalArgumentException.class, () -> db.namespace("other", QUOTA));
    assertThrows(IllegalArgumentException.class, () -> db.namespace("default", QUOTA));
    store = db.namespace("bounded", NamespaceOptions.DEFAULT);
    store.put(key(1), new byte[10_000]);
    assertThrows(IllegalArgumentException.class, () -> db.namespace("bounded", QUOTA));
    db.dropNamespace("bounded");
    store = db.namespace("bounded", QUOTA);
    assertThrows(QuotaExceededException.class, () -> store.put(key(1), new byte[10_000]));
  }

  @Test
  void whatCannotBeCountedIsRefused() {
    var async = store.async();
    assertThrows(UnsupportedOperationException.class, () -> async.put(key(1), key(1)));
    assertThrows(UnsupportedOperationException.class, () -> async.delete(key(1)));
    var batch = new WriteBatch().put(store, key(1), key(1));
    assertThrows(UnsupportedOperationException.class, () -> db.async().write(batch));
    assertThrows(UnsupportedOperationException.class, () -> store.bulkLoad());
    assertEquals(0, counted(QuotaCharge.ENTRIES));
  }

  // ---- durability

  @Test
  void writesAreAsDurableAsTheirNamespaceAsks() {
    KeyValueStore safe =
        db.namespace("safe", NamespaceOptions.DEFAULT.withDurability(Durability.ALWAYS));
    KeyValueStore counted = db.namespace("counted", QUOTA.withDurability(Durability.ALWAYS));
    for (KeyValueStore each : new KeyValueStore[] {safe, counted}) {
      requireSynced(() -> each.put(key(1), key(1)));
      requireSynced(() -> each.put(ByteBuffer.wrap(key(1)), ByteBuffer.wrap(key(2))));
      requireSynced(() -> each.update(key(1), _ -> key(3)));
      requireSynced(() -> each.delete(key(1)));
      requireSynced(() -> each.write(new WriteBatch().put(key(1), key(1))));
      requireSynced(() -> db.write(new WriteBatch().put(key(1), key(1)).put(each, key(1), key(1))));
      requireSynced(() -> db.transact(tx -> tx.of(each).put(key(1), key(2))));
      requireSynced(() -> each.deleteRange(Range.all()));
    }
    requireSynced(() -> safe.async().put(key(1), key(1)).join());
  }

  private void requireSynced(Runnable write) {
    long before = db.statistics().durableSequence();
    write.run();
    assertThat(db.statistics().durableSequence()).isGreaterThan(before);
    assertThat(db.statistics().durableSequence())
        .isGreaterThanOrEqualTo(db.statistics().lastSequence());
  }

  @Test
  void optionsAreKept() {
    NamespaceOptions options = QUOTA.withDurability(Durability.interval(Duration.ofMillis(7)));
    db.namespace("kept", options);
    db.namespace("os", NamespaceOptions.DEFAULT.withDurability(Durability.OS));
    reopen();
    assertEquals(options, db.namespace("kept").options());
    assertEquals(Durability.OS, db.namespace("os").options().durability());
    assertThrows(IllegalArgumentException.class, () -> QUOTA.withQuotaBytes(-1));
    assertThrows(IllegalArgumentException.class, () -> QUOTA.withQuotaEntries(-1));
  }

  // ---- the guard

  /// Neighbours in the order of keys, each against a map of its own: whatever is done to one, with
  /// the smallest and the largest keys too, the others have what they had.
  @Test
  void noHandleReachesAnothersKeys() {
    var random = new Random(SEED);
    var stores = new ArrayList<KeyValueStore>();
    var models = new ArrayList<TreeMap<Bytes, Bytes>>();
    for (String name : new String[] {"default", "a", "b", "c"}) {
      stores.add(db.namespace(name));
      models.add(new TreeMap<>());
    }
    stores.add(db.namespace("q", NamespaceOptions.DEFAULT.withQuotaEntries(1_000)));
    models.add(new TreeMap<>());
    for (int step = 0; step < STEPS; step++) {
      int picked = random.nextInt(stores.size());
      change(stores.get(picked), models.get(picked), random);
      if (step % 20 == 0) {
        for (int i = 0; i < stores.size(); i++) {
          check(stores.get(i), models.get(i), "step " + step + ", seed " + SEED);
        }
      }
    }
  }

  private static Bytes edgeKey(Random random) {
    byte[] key = new byte[random.nextInt(6)];
    Arrays.fill(key, (byte) (random.nextBoolean() ? 0xff : 0));
    if (key.length > 0 && random.nextBoolean()) {
      key[random.nextInt(key.length)] = (byte) random.nextInt();
    }
    return Bytes.of(key);
  }

  private static void change(KeyValueStore store, NavigableMap<Bytes, Bytes> model, Random random) {
    Bytes key = edgeKey(random);
    Bytes end = edgeKey(random);
    Bytes value = Bytes.ofUtf8(store.name() + random.nextInt(100));
    switch (random.nextInt(10)) {
      case 0 -> {
        store.delete(key.toArray());
        model.remove(key);
      }
      case 1 -> {
        var range = new Range(random.nextInt(4) == 0 ? null : key, null);
        store.deleteRange(range);
        (range.lower() == null ? model : model.tailMap(key)).clear();
      }
      case 2 -> {
        store.deleteRange(new Range(key, end));
        if (key.compareTo(end) < 0) {
          model.subMap(key, end).clear();
        }
      }
      case 3 -> {
        if (random.nextInt(5) == 0) {
          store.clear();
          model.clear();
        }
      }
      default -> {
        store.put(key.toArray(), value.toArray());
        model.put(key, value);
      }
    }
  }

  private static void check(KeyValueStore store, NavigableMap<Bytes, Bytes> model, String message) {
    var found = new TreeMap<Bytes, Bytes>();
    store.range(Range.all()).forEach(entry -> found.put(entry.key(), entry.value()));
    assertEquals(model, found, message);
    var backwards = new TreeMap<Bytes, Bytes>();
    store.range(Range.all()).reverse().forEach(entry -> backwards.put(entry.key(), entry.value()));
    assertEquals(model, backwards, message);
    try (var cursor = store.range(Range.all()).open()) {
      assertEquals(!model.isEmpty(), cursor.isValid());
      if (cursor.isValid()) {
        cursor.prev();
        assertTrue(!cursor.isValid(), message);
      }
      cursor.seekToLast();
      if (cursor.isValid()) {
        cursor.next();
        assertTrue(!cursor.isValid(), message);
      }
    }
  }

  @Test
  void handlesOfOtherStoresAreRefusedEverywhere() {
    try (Db another = AtlasKv.open(directory.resolve("another"), RandomOptions.SMALL)) {
      KeyValueStore foreign = another.namespace("bounded");
      for (WriteBatch batch :
          new WriteBatch[] {
            new WriteBatch().put(key(1), key(1)).put(foreign, key(1), key(1)),
            new WriteBatch().put(key(1), key(1)).delete(foreign, key(1)),
            new WriteBatch().put(key(1), key(1)).deleteRange(foreign, Range.all())
          }) {
        assertThrows(IllegalArgumentException.class, () -> db.write(batch));
        assertThrows(IllegalArgumentException.class, () -> store.write(batch));
        assertThrows(IllegalArgumentException.class, () -> db.async().write(batch));
      }
      assertThrows(IllegalArgumentException.class, () -> db.transact(tx -> tx.of(foreign)));
      try (var snapshot = db.snapshot()) {
        assertThrows(IllegalArgumentException.class, () -> snapshot.of(foreign));
      }
    }
    assertEquals(0, db.range(Range.all()).stream().count());
    assertEquals(0, store.range(Range.all()).stream().count());
  }

  @Test
  void theSpaceOfADroppedNamespaceIsGivenBack() {
    KeyValueStore large = db.namespace("large");
    var random = new Random(SEED);
    byte[] value = new byte[1_000];
    for (int i = 0; i < 4_000; i++) {
      random.nextBytes(value);
      large.put(key(i), value);
    }
    db.compact();
    long before = tableBytes();
    assertThat(before).isGreaterThan(3_000_000L);
    db.dropNamespace("large");
    db.compact();
    assertThat(tableBytes()).isLessThan(before / 50);
  }

  /// The ranges of the two touch, and each must stay one that empties a namespace.
  @Test
  void neighboursThatAreClearedTogetherAreCounted() {
    NamespaceOptions two = NamespaceOptions.DEFAULT.withQuotaEntries(2);
    KeyValueStore x = db.namespace("x", two);
    KeyValueStore y = db.namespace("y", two);
    byte[][] keys = {{1}, {2}, {3}};
    for (KeyValueStore neighbour : new KeyValueStore[] {x, y}) {
      neighbour.put(keys[0], keys[0]);
      neighbour.put(keys[1], keys[1]);
    }
    db.transact(transaction -> {
      transaction.of(y).deleteRange(Range.all());
      transaction.of(x).deleteRange(Range.all());
      transaction.of(x).put(keys[2], keys[2]);
    });
    x.put(keys[0], keys[0]);
    assertThrows(QuotaExceededException.class, () -> x.put(keys[1], keys[1]));
    y.put(keys[0], keys[0]);
    y.put(keys[1], keys[1]);
    assertThrows(QuotaExceededException.class, () -> y.put(keys[2], keys[2]));
  }

  private long tableBytes() {
    return db.statistics().tableBytes();
  }
}
