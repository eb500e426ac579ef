package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// When the log is synced for writes, namespaces and transactions that ask for an interval of their
/// own, in simulated time.
class IntervalSyncTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long MILLI_NANOS = 1_000_000;
  private static final Durability SHORT = Durability.interval(Duration.ofMillis(10));
  private static final Durability LONG = Durability.interval(Duration.ofHours(1));
  private static final NamespaceOptions OWN = NamespaceOptions.DEFAULT.withDurability(SHORT);
  private static final NamespaceOptions COUNTED = NamespaceOptions.DEFAULT.withQuotaEntries(5);
  private static final byte[] KEY = {1};
  private static final int ROUNDS = 100;
  private static final long SEGMENT_SYNCS_MAX = 10; // of segments that are prepared

  private final FaultFileSystem files = FaultFileSystem.create(SEED);

  private SimStore open(Durability durability) {
    return SimStore.open(files, SEED, RandomOptions.SMALL.withDurability(durability));
  }

  /// Whether all is on disk when so much time has passed.
  private static boolean isDurableAfter(SimStore store, long millis) {
    store.scheduler().runFor(millis * MILLI_NANOS);
    var now = store.db().statistics();
    assertThat(now.writtenSequence()).isEqualTo(now.lastSequence());
    return now.durableSequence() == now.lastSequence();
  }

  private long syncs() {
    return files.operations().stream().filter(IntervalSyncTest::isLogSync).count();
  }

  private static boolean isLogSync(Operation operation) {
    return operation.kind() == Kind.SYNC && operation.name().endsWith(".log");
  }

  /// All ways of writing to a namespace of which nobody says how durable they are.
  private static Map<String, Consumer<KeyValueStore>> writes(Db db) {
    var ways = new LinkedHashMap<String, Consumer<KeyValueStore>>();
    ways.put("put", store -> store.put(KEY, KEY));
    ways.put("put that asks for less", store -> store.put(KEY, KEY, Durability.OS));
    ways.put("put that expires", store -> store.put(KEY, KEY, Expiry.after(Duration.ofDays(1))));
    ways.put("delete", store -> store.delete(KEY));
    ways.put("deleteRange", store -> store.deleteRange(Range.all()));
    ways.put("update", store -> store.update(KEY, _ -> new byte[] {2}));
    ways.put("batch", store -> store.write(new WriteBatch().put(KEY, KEY)));
    ways.put("batch of another", store -> db.write(new WriteBatch().put(store, KEY, KEY)));
    ways.put("transaction", store -> db.transact(work -> work.of(store).put(KEY, KEY)));
    ways.put("async put", store -> store.async().put(KEY, KEY).join());
    ways.put("async batch", store -> store.async().write(new WriteBatch().put(KEY, KEY)).join());
    return ways;
  }

  @Test
  void aNamespaceIsSyncedWithinItsOwnInterval() {
    for (Durability ofStore : new Durability[] {Durability.OS, LONG}) {
      try (SimStore store = open(ofStore)) {
        Db db = store.db();
        KeyValueStore own = db.namespace("own", OWN);
        db.sync();
        writes(db)
            .forEach((way, write) -> {
              db.put(KEY, KEY);
              assertThat(isDurableAfter(store, 1_000)).as("control, " + ofStore).isFalse();
              write.accept(own);
              assertThat(isDurableAfter(store, 8)).as(way + " at once, " + ofStore).isFalse();
              assertThat(isDurableAfter(store, 4)).as(way + ", " + ofStore).isTrue();
            });
      }
    }
  }

  @Test
  void aNamespaceWithQuotaIsSyncedWithinItsOwnInterval() {
    try (SimStore store = open(Durability.OS)) {
      KeyValueStore own = store.db().namespace("own", OWN.withQuotaEntries(5));
      store.db().sync();
      own.put(KEY, KEY);
      assertThat(isDurableAfter(store, 8)).isFalse();
      assertThat(isDurableAfter(store, 4)).isTrue();
    }
  }

  @Test
  void aCallIsSyncedWithinTheIntervalItAsksFor() {
    try (SimStore store = open(Durability.OS)) {
      Db db = store.db();
      db.namespace("own").put(KEY, KEY);
      db.namespace("counted", COUNTED).put(KEY, KEY);
      db.sync();
      var asked = TransactionOptions.DEFAULT.withDurability(SHORT);
      for (Runnable write :
          new Runnable[] {
            () -> db.put(KEY, KEY, SHORT),
            () -> db.delete(KEY, SHORT),
            () -> db.namespace("own").delete(KEY, SHORT),
            () -> db.namespace("counted", COUNTED).delete(KEY, SHORT),
            () -> db.write(new WriteBatch().put(KEY, KEY), SHORT),
            () -> db.async().write(new WriteBatch().put(KEY, KEY), SHORT).join(),
            () -> db.transact(asked, work -> work.put(KEY, KEY))
          }) {
        db.put(KEY, KEY);
        assertThat(isDurableAfter(store, 1_000)).as("control").isFalse();
        write.run();
        assertThat(isDurableAfter(store, 8)).isFalse();
        assertThat(isDurableAfter(store, 4)).isTrue();
      }
    }
  }

  @Test
  void whoAsksForLongerThanTheStoreIsSyncedWithIt() {
    try (SimStore store = open(SHORT)) {
      KeyValueStore own =
          store.db().namespace("own", NamespaceOptions.DEFAULT.withDurability(LONG));
      for (int i = 0; i < 3; i++) {
        own.put(KEY, KEY);
        assertThat(isDurableAfter(store, 12)).isTrue();
        store.db().put(KEY, KEY, LONG);
        assertThat(isDurableAfter(store, 12)).isTrue();
      }
    }
  }

  /// The shortest counts, whichever came first, and one sync is enough for all.
  @Test
  void aShorterIntervalBringsTheSyncForward() {
    try (SimStore store = open(Durability.OS)) {
      Db db = store.db();
      db.sync();
      long syncsBefore = syncs();
      for (int i = 0; i < ROUNDS; i++) {
        db.put(KEY, KEY, LONG);
        db.put(KEY, KEY, SHORT);
        db.put(KEY, KEY, LONG);
        assertThat(isDurableAfter(store, 12)).isTrue();
      }
      assertThat(syncs() - syncsBefore).isBetween((long) ROUNDS, ROUNDS + SEGMENT_SYNCS_MAX);
      long before = syncs();
      db.put(KEY, KEY);
      assertThat(isDurableAfter(store, 2 * 3_600_000)).as("nothing is armed any more").isFalse();
      assertThat(syncs()).isEqualTo(before);
    }
  }

  @Test
  void theStrongestNamespaceOfABatchCounts() {
    try (SimStore store = open(Durability.OS)) {
      Db db = store.db();
      KeyValueStore own = db.namespace("own", OWN);
      KeyValueStore always =
          db.namespace("always", NamespaceOptions.DEFAULT.withDurability(Durability.ALWAYS));
      db.sync();
      db.write(new WriteBatch().put(KEY, KEY).put(own, KEY, KEY));
      assertThat(isDurableAfter(store, 8)).isFalse();
      assertThat(isDurableAfter(store, 4)).isTrue();
      db.write(new WriteBatch().put(own, KEY, KEY).put(always, KEY, KEY).put(KEY, KEY));
      assertThat(isDurableAfter(store, 0)).isTrue();
      db.transact(work -> {
        work.of(always).put(KEY, KEY);
        work.of(own).put(KEY, KEY);
      });
      assertThat(isDurableAfter(store, 0)).isTrue();
    }
  }

  /// It tells a value that another may have written a moment ago, as if it had written it.
  @Test
  void anUpdateThatChangesNothingIsAsDurableAsOneThatDoes() {
    try (SimStore store = open(Durability.OS)) {
      Db db = store.db();
      NamespaceOptions always = NamespaceOptions.DEFAULT.withDurability(Durability.ALWAYS);
      for (NamespaceOptions options : new NamespaceOptions[] {always, always.withQuotaEntries(5)}) {
        KeyValueStore own = db.namespace("own " + options.quotaEntries(), options);
        own.put(KEY, KEY);
        db.put(KEY, KEY);
        assertThat(isDurableAfter(store, 1_000)).as("control").isFalse();
        assertThat(own.update(KEY, value -> value)).isEqualTo(KEY);
        assertThat(isDurableAfter(store, 0)).isTrue();
      }
    }
  }

  /// What is not yet synced is held to the store's new durability too.
  @Test
  void aShorterIntervalOfTheStoreCountsForWhatIsWritten() {
    try (SimStore store = open(LONG)) {
      store.db().put(KEY, KEY);
      store.engine().durability(SHORT);
      assertThat(isDurableAfter(store, 8)).isFalse();
      assertThat(isDurableAfter(store, 4)).isTrue();
      store.db().put(KEY, KEY);
      assertThat(isDurableAfter(store, 12)).isTrue();
    }
  }

  @Test
  void thePowerCutAfterTheIntervalLosesNothing() {
    SimStore store = open(Durability.OS);
    KeyValueStore own = store.db().namespace("own", OWN);
    own.put(KEY, KEY);
    store.scheduler().runFor(12 * MILLI_NANOS);
    FaultFileSystem left = files.crash(SEED);
    store.abandon();
    try (SimStore again = SimStore.open(left, SEED, Options.DEFAULT)) {
      assertThat(again.db().namespace("own").get(KEY)).isEqualTo(KEY);
    }
  }
}
