package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.db.RandomOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cursors, streams, snapshots, transactions, change feeds and bulk loads that are lost without a
/// close.
class LeakTest {
  private static final Logger LOGGER = Logger.getLogger(Leases.LOGGER);
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int KEYS = 1_000;

  @TempDir private Path directory;

  private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }

  private Db open(int leakTracePeriod) {
    Db db = AtlasKv.open(directory, RandomOptions.SMALL.withLeakTracePeriod(leakTracePeriod));
    fill(db, 0);
    return db;
  }

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  private static void fill(Db db, int plus) {
    for (int i = 0; i < KEYS; i++) {
      db.put(key(i), key(i + plus));
    }
  }

  /// Collects garbage, and writes as an application does, until the condition holds.
  private static void collectUntil(Db db, BooleanSupplier done) {
    long end = System.nanoTime() + MINUTE_NANOS;
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "nothing was noticed");
      System.gc();
      db.put(key(-1), key(-1));
    }
  }

  private boolean hasReport(String kind, String method) {
    return records.stream()
        .anyMatch(record ->
            record.getMessage().startsWith("a " + kind + " was lost without a close")
                && record.getThrown() != null
                && Arrays.stream(record.getThrown().getStackTrace())
                    .anyMatch(frame ->
                        frame.getClassName().equals(LeakTest.class.getName())
                            && frame.getMethodName().equals(method)));
  }

  // Each answers with what is lost as soon as the caller drops it.

  private static Object loseACursor(Db db) {
    Cursor cursor = db.range(Range.all()).open();
    assertTrue(cursor.isValid());
    return cursor;
  }

  private static Object loseAStream(Db db) {
    Iterator<Entry> entries = db.range(Range.all()).reverse().stream().iterator();
    assertTrue(entries.hasNext());
    return entries;
  }

  private static Object loseATransaction(Db db) {
    Transaction transaction = db.begin(TransactionOptions.DEFAULT);
    assertNotNull(transaction.get(key(1)));
    return transaction;
  }

  private static Object loseASnapshot(Db db) {
    Snapshot snapshot = db.snapshot();
    assertNotNull(snapshot.get(key(1)));
    return snapshot;
  }

  @Test
  void whatIsLostIsToldWithItsPlaceAndGivenBack() {
    try (Db db = open(1)) {
      var held = new ArrayList<Object>(); // garbage may be collected at any time
      held.add(loseACursor(db));
      held.add(loseAStream(db));
      held.add(loseASnapshot(db));
      held.add(loseATransaction(db));
      assertEquals(held.size(), db.statistics().openSnapshots());
      held.clear();
      collectUntil(db, () -> db.statistics().openSnapshots() == 0);
      collectUntil(db, () -> records.size() == 4);
      assertTrue(hasReport("cursor or stream", "loseACursor"));
      assertTrue(hasReport("cursor or stream", "loseAStream"));
      assertTrue(hasReport("snapshot", "loseASnapshot"));
      assertTrue(hasReport("transaction", "loseATransaction"));
    }
  }

  /// More than a table, so that there are files.
  private static void loseALoad(Db db) {
    BulkLoad load = db.namespace("loaded").bulkLoad();
    for (int i = 0; i < 3 * KEYS; i++) {
      load.put(key(i), new byte[100]);
    }
  }

  private static void loseAFeed(Db db) {
    long next = db.statistics().lastSequence() + 1;
    assertNull(db.changes(next, ChangeFeed.Delivery.WRITTEN).poll());
  }

  private List<String> tables() {
    String[] names = directory.toFile().list((_, name) -> name.endsWith(".sst"));
    return names == null ? List.of() : List.of(names);
  }

  @Test
  void aLostBulkLoadIsToldWithItsPlaceAndItsFilesAreDeleted() {
    try (Db db = open(1)) {
      List<String> before = tables();
      loseALoad(db);
      assertThat(tables()).hasSizeGreaterThan(before.size());
      collectUntil(db, () -> !records.isEmpty());
      assertTrue(hasReport("bulk load", "loseALoad"));
      assertThat(tables()).containsExactlyInAnyOrderElementsOf(before);
      assertFalse(db.namespace("loaded").contains(key(1)));
    }
    assertEquals(1, records.size());
  }

  @Test
  void aLostChangeFeedIsToldWithItsPlace() {
    try (Db db = open(1)) {
      loseAFeed(db);
      collectUntil(db, () -> !records.isEmpty());
      assertTrue(hasReport("change feed", "loseAFeed"));
    }
  }

  @Test
  void aBulkLoadThatIsCommittedClosedOrInUseIsNoLeak() {
    try (Db db = open(1)) {
      commitALoad(db, 0);
      try (BulkLoad load = db.bulkLoad()) {
        for (int i = 0; i < KEYS; i++) {
          if (i % 100 == 0) {
            System.gc();
            db.snapshot().close(); // looks for what was lost
          }
          load.put(key(2 * KEYS + i), key(i));
        }
      }
      commitALoad(db, KEYS);
      System.gc();
      db.snapshot().close();
      assertArrayEquals(key(1), db.get(key(KEYS + 1)));
      assertFalse(db.contains(key(2 * KEYS)));
    }
    assertThat(records).isEmpty();
  }

  /// Without a close, which is not needed after a commit.
  private static void commitALoad(Db db, int first) {
    BulkLoad load = db.bulkLoad();
    for (int i = 0; i < KEYS; i++) {
      load.put(key(first + i), key(i));
    }
    assertEquals(KEYS, load.commit());
  }

  @Test
  void withoutPlacesTheFirstIsToldWithTheOptionThatHasThem() {
    try (Db db = open(0)) {
      loseACursor(db);
      collectUntil(db, () -> !records.isEmpty());
      loseASnapshot(db);
      collectUntil(db, () -> db.statistics().openSnapshots() == 0);
    }
    assertEquals(1, records.size());
    LogRecord report = records.remove();
    assertThat(report.getMessage()).contains("withLeakTracePeriod(1)");
    assertNull(report.getThrown());
  }

  @Test
  void whatIsClosedOrStillInUseIsNoLeak() {
    try (Db db = open(1)) {
      for (int i = 0; i < 20_000; i++) {
        try (Cursor cursor = db.range(Range.atLeast(key(i % KEYS))).open()) {
          assertTrue(cursor.isValid());
        }
        db.snapshot().close();
      }
      try (Cursor kept = db.range(Range.all()).open()) {
        for (int i = 0; i < KEYS; i++, kept.next()) {
          if (i % 100 == 0) {
            System.gc();
          }
          assertEquals(i, kept.key(Codec.int32()));
        }
        assertEquals(1, db.statistics().openSnapshots());
      }
      assertEquals(KEYS, db.range(Range.all()).stream().count());
      System.gc();
      db.range(Range.all()).open().close();
    }
    assertThat(records).isEmpty();
  }

  /// What reads as of a snapshot keeps it, though nobody else does.
  @Test
  void aLostSnapshotStaysWhileItIsReadThrough() {
    try (Db db = open(1)) {
      KeyValueReader reader = db.snapshot().of(db);
      readByCursorOfALostSnapshot(db, reader);
      collectUntil(db, () -> records.size() == 1); // that of the cursor
      assertArrayEquals(key(0), reader.get(key(0)));
    }
  }

  private void readByCursorOfALostSnapshot(Db db, KeyValueReader reader) {
    try (Cursor cursor = db.snapshot().range(Range.all()).open()) {
      fill(db, 1);
      System.gc();
      db.flush();
      db.compact();
      System.gc();
      fill(db, 2);
      for (int i = 0; i < KEYS; i++, cursor.next()) {
        assertArrayEquals(key(i), cursor.value());
        assertArrayEquals(key(i), reader.get(key(i)));
      }
      assertThat(records).isEmpty();
    }
  }

  @Test
  void aCloseOfTheStoreEndsWhatWasLost() {
    try (Db db = open(1)) {
      loseACursor(db);
      loseASnapshot(db);
    }
    try (Db db = open(1)) {
      assertEquals(0, db.statistics().openSnapshots());
      assertArrayEquals(key(1), db.get(key(1)));
    }
  }
}
