package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.QuotaExceededException;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Values that expire in a namespace with a quota.
class QuotaExpiryTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int STEPS = 3_000;
  private static final int KEYS = 40;
  private static final int ENTRIES_MAX = 25;
  private static final long BYTES_MAX = 600;
  private static final int HOURS_MAX = 6;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final NamespaceOptions QUOTA =
      NamespaceOptions.DEFAULT.withQuotaBytes(BYTES_MAX).withQuotaEntries(ENTRIES_MAX);

  /// What the model has for a key.
  private record Value(int bytes, int endHour) {}

  private final FaultFileSystem files = FaultFileSystem.create(SEED);
  private SimStore sim = SimStore.open(files, SEED, RandomOptions.SMALL);
  private KeyValueStore store = sim.db().namespace("bounded", QUOTA);
  private int hour = 1;

  @BeforeEach
  void begin() {
    sim.passHours(1);
  }

  @AfterEach
  void close() {
    sim.close();
  }

  private Db db() {
    return sim.db();
  }

  private void reopen() {
    long now = sim.clock().currentTimeMillis();
    sim.close();
    sim = SimStore.open(files, SEED, RandomOptions.SMALL);
    sim.clock().jumpWall(now - sim.clock().currentTimeMillis());
    store = db().namespace("bounded");
    assertEquals(QUOTA, store.options());
  }

  private void pass(int hours) {
    hour += hours;
    sim.passHours(hours);
  }

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  private long counted(int counter) {
    int id = ((EmbeddedNamespace) store).namespaceId();
    return ((EmbeddedDb) db()).engine().counter(id, counter);
  }

  /// Number of rows that remember what expires.
  private long rows() {
    Engine engine = ((EmbeddedDb) db()).engine();
    byte[] first = NamespaceKey.first(NamespaceKey.EXPIRIES);
    byte[] end = NamespaceKey.end(NamespaceKey.EXPIRIES);
    long rows = 0;
    try (EngineCursor cursor =
        engine.cursor(
            engine.newReadContext(ReadContext.Mode.BLOCKING), Engine.LATEST, first, end)) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        rows++;
      }
    }
    return rows;
  }

  private void dropDue(Map<Integer, Value> model) {
    model.values().removeIf(value -> value.endHour() <= hour);
  }

  private static long bytes(Map<Integer, Value> model) {
    return model.values().stream().mapToLong(value -> Integer.BYTES + value.bytes()).sum();
  }

  /// Random writes against a map while time passes: what is due is never in the way, what is not is
  /// counted exactly, whatever flushes, compactions and restarts come between.
  @Test
  void whatIsDueIsNeverInTheWay() {
    var random = new Random(SEED);
    var model = new TreeMap<Integer, Value>();
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(15) == 0) {
        pass(1 + random.nextInt(2));
        dropDue(model);
      }
      disturb(random);
      var wanted = new TreeMap<>(model);
      Runnable write = write(random, wanted);
      dropDue(wanted);
      boolean isTooMuch =
          (wanted.size() > ENTRIES_MAX && wanted.size() > model.size())
              || (bytes(wanted) > BYTES_MAX && bytes(wanted) > bytes(model));
      String message = "step " + step + ", seed " + SEED;
      if (isTooMuch) {
        var refusal = assertThrows(QuotaExceededException.class, write::run, message);
        assertEquals(used(refusal.unit(), model), refusal.used(), message);
        refused++;
      } else {
        write.run();
        model = wanted;
      }
      assertThat(counted(QuotaCharge.ENTRIES)).as(message).isGreaterThanOrEqualTo(model.size());
      assertThat(counted(QuotaCharge.BYTES)).as(message).isGreaterThanOrEqualTo(bytes(model));
    }
    assertThat(refused).isBetween(STEPS / 100, STEPS / 2);
    assertHolds(model);
    assertNothingIsLeft();
  }

  private void put(WriteBatch batch, int key, byte[] value, int endHour) {
    if (endHour == NEVER) {
      batch.put(store, key(key), value);
    } else {
      batch.put(store, key(key), value, SimStore.expiryAtHour(endHour));
    }
  }

  private static long used(String unit, Map<Integer, Value> model) {
    return unit.equals("entries") ? model.size() : bytes(model);
  }

  private void disturb(Random random) {
    switch (random.nextInt(200)) {
      case 0 -> reopen();
      case 1, 2 -> db().compact();
      case 3, 4, 5 -> db().flush();
      default -> {}
    }
  }

  private void assertHolds(Map<Integer, Value> model) {
    var found = new TreeMap<Integer, Integer>();
    store
        .range(Range.all())
        .forEach(entry ->
            found.put(Codec.int32().fromBytes(entry.key().toArray()), entry.value().length()));
    var expected = new TreeMap<Integer, Integer>();
    model.forEach((key, value) -> expected.put(key, value.bytes()));
    assertEquals(expected, found);
  }

  /// Once all is due and swept, and the rest deleted one by one, nothing is counted.
  private void assertNothingIsLeft() {
    pass(HOURS_MAX + 1);
    while (QuotaSweep.sweep((EmbeddedDb) db(), (EmbeddedNamespace) store)) {
      assertThat(counted(QuotaCharge.ENTRIES)).isNotNegative();
    }
    assertEquals(0, rows());
    for (int key = 0; key < KEYS + 10; key++) {
      store.delete(key(key));
    }
    assertEquals(0, counted(QuotaCharge.ENTRIES));
    assertEquals(0, counted(QuotaCharge.BYTES));
  }

  /// A random write, done to the model at once.
  private Runnable write(Random random, NavigableMap<Integer, Value> model) {
    int key = random.nextInt(KEYS);
    int end = key + random.nextInt(5);
    byte[] value = new byte[random.nextInt(60)];
    int endHour = random.nextInt(3) == 0 ? NEVER : hour + random.nextInt(HOURS_MAX);
    var put = new Value(value.length, endHour);
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
        model.put(key, put);
        yield () ->
            store.write(
                WriteBatch.of(
                    batch -> put(batch.deleteRange(store, Range.all()), key, value, endHour)));
      }
      case 3 -> {
        model.put(key, new Value(value.length, NEVER));
        yield () -> store.update(key(key), _ -> value);
      }
      case 4 -> {
        model.put(key, put);
        model.subMap(key, end).clear();
        model.put(end, put);
        yield () ->
            db().write(
                    WriteBatch.of(batch -> {
                      put(batch, key, value, endHour);
                      batch.deleteRange(store, Range.closedOpen(key(key), key(end)));
                      put(batch, end, value, endHour);
                    }));
      }
      case 5 -> {
        model.put(key, put);
        model.remove(end);
        yield () ->
            db().transact(tx -> {
              tx.of(store).put(key(end), value, Expiry.after(Duration.ofHours(1)));
              if (endHour == NEVER) {
                tx.of(store).put(key(key), value);
              } else {
                tx.of(store).put(key(key), value, SimStore.expiryAtHour(endHour));
              }
              tx.of(store).delete(key(end));
            });
      }
      default -> {
        model.put(key, put);
        yield () -> {
          if (endHour == NEVER) {
            store.put(key(key), value);
          } else {
            store.put(key(key), value, SimStore.expiryAtHour(endHour));
          }
        };
      }
    };
  }

  /// The clock goes back and forth: then what is seen comes and goes, but the count stays that of
  /// the values that stay and of the rows, and nothing is counted for good.
  @Test
  void aClockThatGoesBackSpoilsNoCount() {
    var random = new Random(SEED);
    store = db().namespace("bounded", QUOTA.withQuotaEntries(10));
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(10) == 0) {
        pass(random.nextInt(2 * HOURS_MAX) - Math.min(hour - 1, HOURS_MAX));
      }
      if (random.nextInt(50) == 0) {
        db().compact();
      }
      Runnable write = write(random, new TreeMap<>());
      try {
        write.run();
      } catch (QuotaExceededException e) {
        assertThat(e.wanted()).isGreaterThan(e.limit());
      }
      assertCountIsThatOfRows("step " + step + ", seed " + SEED);
    }
    assertNothingIsLeft();
  }

  private void assertCountIsThatOfRows(String message) {
    long plain = 0;
    try (var cursor = store.range(Range.all()).open()) {
      for (; cursor.isValid(); cursor.next()) {
        if (store.expiryOf(cursor.key()) == null) {
          plain++;
        }
      }
    }
    assertEquals(plain + rows(), counted(QuotaCharge.ENTRIES), message);
  }

  @Test
  void aNamespaceFullOfWhatIsDueTakesWhatComes() {
    for (int i = 0; i < ENTRIES_MAX; i++) {
      store.put(key(i), new byte[1], Expiry.after(Duration.ofMinutes(1)));
    }
    Expiry later = Expiry.after(Duration.ofHours(2));
    assertThrows(QuotaExceededException.class, () -> store.put(key(99), new byte[1], later));
    pass(1);
    db().compact();
    reopen();
    assertEquals(ENTRIES_MAX, counted(QuotaCharge.ENTRIES));
    for (int i = 0; i < ENTRIES_MAX; i++) {
      store.put(key(100 + i), new byte[1], later);
    }
    assertEquals(ENTRIES_MAX, counted(QuotaCharge.ENTRIES));
    assertEquals(ENTRIES_MAX, rows());
    assertThrows(QuotaExceededException.class, () -> store.put(key(99), new byte[1]));
    assertNull(store.get(key(0)));
  }

  @Test
  void aKeyOfTheLargestSizeMayExpire() {
    store = db().namespace("large", NamespaceOptions.DEFAULT.withQuotaEntries(1));
    byte[] key = new byte[KeyValueStore.KEY_BYTES_MAX];
    store.put(key, key(1), Expiry.after(Duration.ofMinutes(1)));
    assertThat(store.expiryOf(key)).isAfter(Instant.EPOCH);
    assertEquals(KeyValueStore.KEY_BYTES_MAX + Integer.BYTES, counted(QuotaCharge.BYTES));
    pass(1);
    store.put(key(1), key(1), Expiry.at(Instant.MAX));
    assertEquals(1, counted(QuotaCharge.ENTRIES));
    assertEquals(0, rows());
  }

  @Test
  void rowsGoWithTheirNamespaceAndWithItsQuota() {
    Expiry later = Expiry.after(Duration.ofHours(1));
    store.put(key(1), key(1), later);
    assertEquals(1, rows());
    store.clear();
    assertEquals(0, rows());
    store.put(key(1), key(1), later);
    db().dropNamespace("bounded");
    assertEquals(0, rows());
    store = db().namespace("bounded", QUOTA);
    store.put(key(1), key(1), later);
    store = db().namespace("bounded", NamespaceOptions.DEFAULT);
    assertEquals(0, rows());
    store.put(key(2), key(2), later);
    assertEquals(0, rows());
  }
}
