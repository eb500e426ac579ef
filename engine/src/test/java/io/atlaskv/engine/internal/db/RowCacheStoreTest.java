package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Explanation.TableStep;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store whose reads of tables go through single rows, as one large block takes the room of all
/// others: whatever happens to a key that has one, nobody reads an old value. Random histories are
/// in `DbModelTest` and `DbMetamorphicTest`.
class RowCacheStoreTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 5);
  private static final Options OPTIONS = RandomOptions.SMALL.withRowCacheBytes(64 << 10);

  private static final byte[] LARGE = new byte[26 << 10];
  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 900;
  private static final int WRITES = Integer.getInteger("atlaskv.writes", 4_000);

  private final FaultFileSystem files = FaultFileSystem.create(SEED);
  private final SimStore store = SimStore.open(files, SEED, OPTIONS);

  @TempDir private Path directory;

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String get(KeyValueReader reader, String key) {
    byte[] value = reader.get(bytes(key));
    return value == null ? "nothing" : new String(value, StandardCharsets.UTF_8);
  }

  private boolean isRow(String key) {
    db().get(bytes("z"));
    return db().explain(bytes(key)).steps().getLast() instanceof TableStep step && step.isRow();
  }

  /// Flushes the memtable with a value so large that no other block fits the cache beside it.
  private void flush(KeyValueStore where) {
    where.put(bytes("z"), LARGE);
    db().flush();
  }

  private void flush() {
    flush(db());
  }

  /// Writes values for `a` and `b` into a table and reads them until they are rows.
  private void makeRows(KeyValueStore where) {
    where.put(bytes("a"), bytes("one"));
    where.put(bytes("b"), bytes("two"));
    flush(where);
    warm(where, "one", "two");
  }

  private void warm(KeyValueReader reader, String a, String b) {
    for (int i = 0; i < 3; i++) {
      reader.get(bytes("z"));
      assertThat(get(reader, "a")).isEqualTo(a);
      assertThat(get(reader, "b")).isEqualTo(b);
    }
  }

  @Test
  void theThirdReadIsAnsweredByARowAndExplainedSo() {
    db().put(bytes("a"), bytes("one"));
    flush();
    assertThat(isRow("a")).isFalse();
    assertThat(isRow("a")).isFalse();
    assertThat(isRow("a")).isTrue();
    assertThat(db().explain(bytes("a")).text()).contains("FOUND", "row: cached");
    assertThat(db().statistics().rowCacheBytes()).isPositive();
    assertThat(db().statistics().rowCacheBytes()).isLessThanOrEqualTo(64 << 10);
  }

  @Test
  void aRowThatIsBeingReadOutlivesTheStore() {
    makeRows(db());
    assertThat(isRow("a")).isTrue();
    db().get(bytes("z"));
    Codec<String> slow =
        Codec.of(
            Codec.utf8()::encode,
            in -> {
              store.close();
              return Codec.utf8().decode(in);
            });
    assertThat(db().get(bytes("a"), slow)).isEqualTo("one");
  }

  @Test
  void overwrittenRowsAreNotSeenBeforeOrAfterTheFlush() {
    makeRows(db());
    assertThat(isRow("a")).isTrue();
    db().put(bytes("a"), bytes("new"));
    warm(db(), "new", "two");
    flush();
    warm(db(), "new", "two");
    assertThat(isRow("a")).isTrue(); // of the newer table
    db().compact();
    warm(db(), "new", "two");
  }

  @Test
  void deletedRowsAreNotSeenBeforeOrAfterTheFlush() {
    makeRows(db());
    db().delete(bytes("a"));
    warm(db(), "nothing", "two");
    flush();
    warm(db(), "nothing", "two");
    assertThat(isRow("a")).isTrue(); // that it is deleted is a row of the newer table
    db().compact();
    warm(db(), "nothing", "two");
    db().put(bytes("a"), bytes("again"));
    flush();
    warm(db(), "again", "two");
  }

  @Test
  void rowsOfADeletedRangeAreNotSeen() {
    makeRows(db());
    db().deleteRange(Range.prefix(bytes("a")));
    warm(db(), "nothing", "two");
    flush();
    warm(db(), "nothing", "two");
    db().compact();
    warm(db(), "nothing", "two");
  }

  @Test
  void aBulkLoadHidesRows() {
    makeRows(db());
    try (BulkLoad load = db().bulkLoad()) {
      load.put(bytes("a"), bytes("loaded"));
      load.put(bytes("z"), LARGE);
      load.commit();
    }
    warm(db(), "loaded", "two");
    assertThat(isRow("a")).isTrue();
    long loaded = db().explain(bytes("a")).sequence();
    assertThat(loaded).as("as it was loaded, not as it is stored").isPositive();
    db().put(bytes("a"), bytes("newer"));
    flush();
    warm(db(), "newer", "two");
  }

  @Test
  void snapshotsSeeTheirOwnState() {
    makeRows(db());
    try (Snapshot before = db().snapshot()) {
      db().put(bytes("a"), bytes("new"));
      db().delete(bytes("b"));
      flush();
      warm(db(), "new", "nothing");
      warm(before, "one", "two");
      db().compact(); // both versions are in one table
      warm(before, "one", "two");
      warm(db(), "new", "nothing");
      warm(before, "one", "two");
    }
  }

  @Test
  void aRowExpires() {
    db().put(bytes("a"), bytes("one"), Expiry.after(Duration.ofSeconds(10)));
    db().put(bytes("b"), bytes("two"));
    flush();
    warm(db(), "one", "two");
    assertThat(isRow("a")).isTrue();
    store.clock().jumpWall(9_999);
    warm(db(), "one", "two");
    store.clock().jumpWall(1);
    warm(db(), "nothing", "two");
    assertThat(isRow("a")).isTrue();
  }

  @Test
  void aDroppedNamespaceTakesItsRowsAlong() {
    KeyValueStore namespace = db().namespace("n");
    makeRows(namespace);
    assertThat(db().dropNamespace("n")).isTrue();
    KeyValueStore again = db().namespace("n");
    warm(again, "nothing", "nothing");
    again.put(bytes("b"), bytes("second"));
    flush(again);
    warm(again, "nothing", "second");
    db().compact();
    warm(again, "nothing", "second");
  }

  @Test
  void asynchronousReadsUseRowsToo() {
    makeRows(db());
    long hits = db().statistics().rowCacheHits();
    for (int i = 0; i < 1_000; i++) {
      assertThat(db().async().get(bytes("a")).join()).isEqualTo(bytes("one"));
    }
    assertThat(db().statistics().rowCacheHits()).isGreaterThan(hits + 500);
  }

  /// Values only grow, so a reader who sees one shrink has seen an old row.
  @Test
  void nobodyReadsBackInTimeWhileTablesAreFlushedAndMerged()
      throws InterruptedException, ExecutionException {
    var written = new AtomicIntegerArray(KEYS);
    var isDone = new AtomicBoolean();
    try (Db db = AtlasKv.open(directory, OPTIONS.withMemtableEntriesMax(100));
        var threads = Executors.newFixedThreadPool(3)) {
      var readers = new ArrayList<Future<Long>>();
      for (int thread = 0; thread < 3; thread++) {
        long seed = SEED + thread;
        readers.add(threads.submit(() -> readForward(db, written, isDone, new Random(seed))));
      }
      try {
        var random = new Random(SEED);
        for (int i = 1; i <= WRITES; i++) {
          int key = Math.min(random.nextInt(KEYS), random.nextInt(KEYS));
          db.put(bytes("key" + key), bytes(text(i)));
          written.set(key, i);
        }
      } finally {
        isDone.set(true);
      }
      long reads = 0;
      for (Future<Long> reader : readers) {
        reads += reader.get();
      }
      assertThat(reads).isPositive();
      db.flush();
      for (int round = 0; round < 3; round++) {
        for (int key = 0; key < KEYS; key++) {
          assertThat(get(db, "key" + key)).isEqualTo(text(written.get(key)));
        }
      }
      assertThat(db.statistics().rowCacheHits()).as("reads=%d", reads).isPositive();
      assertThat(db.statistics().compactions()).isPositive();
    }
  }

  /// Long enough that not all blocks fit the cache.
  private static String text(int value) {
    return value == 0 ? "nothing" : Integer.toString(value) + " ".repeat(VALUE_BYTES);
  }

  private static long readForward(
      Db db, AtomicIntegerArray written, AtomicBoolean isDone, Random random) {
    long reads = 0;
    while (!isDone.get()) {
      int key = Math.min(random.nextInt(KEYS), random.nextInt(KEYS));
      int atLeast = written.get(key);
      byte[] found = db.get(bytes("key" + key));
      int value =
          found == null ? 0 : Integer.parseInt(new String(found, StandardCharsets.UTF_8).strip());
      assertThat(value).as("key %d, seed %d", key, SEED).isGreaterThanOrEqualTo(atLeast);
      reads++;
    }
    return reads;
  }
}
