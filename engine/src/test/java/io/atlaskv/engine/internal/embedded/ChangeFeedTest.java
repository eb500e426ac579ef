package io.atlaskv.engine.internal.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Change;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeFeedTest {
  private static final Options OS = RandomOptions.SMALL.withDurability(Durability.OS);
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void fill(Db db, int entries) {
    for (int i = 0; i < entries; i++) {
      db.put(bytes("k" + i), new byte[1000]);
    }
  }

  @Test
  void deliversWhatIsDurableOnly() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      ChangeFeed feed = store.db().changes(1);
      store.db().put(bytes("a"), bytes("1"));
      assertNull(feed.poll());
      store.db().sync();
      ChangeBatch batch = feed.poll();
      assertNotNull(batch);
      assertEquals(
          List.of(new Change.Put("default", Bytes.ofUtf8("a"), Bytes.ofUtf8("1"))),
          batch.changes());
      assertEquals(1, batch.firstSequence());
      assertEquals(2, feed.nextSequence());
      assertNull(feed.poll());
    }
  }

  @Test
  void deliversWhatIsWrittenIfAsked() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      ChangeFeed feed = store.db().changes(1, ChangeFeed.Delivery.WRITTEN);
      store.db().put(bytes("a"), bytes("1"));
      assertNotNull(feed.poll());
      assertEquals(0, store.db().statistics().durableSequence());
    }
  }

  @Test
  void whatCannotBeDecodedIsNotPassedOver() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS);
        var batch = new BatchBuilder()) {
      ChangeFeed feed = store.db().changes(1, ChangeFeed.Delivery.WRITTEN);
      byte[] key = NamespaceKey.full(NamespaceKey.DEFAULT, bytes("a"));
      batch.put(key, 0, key.length, key, 0, key.length);
      byte[] name = NamespaceKey.directory("of-a-later-version");
      byte[] row = {70, 0, 0, 0, 1, 100, 0}; // with a field that nobody knows
      batch.put(name, 0, name.length, row, 0, row.length);
      batch.finish();
      Engine engine = ((EmbeddedDb) store.db()).engine();
      engine.commit(batch);
      store.db().put(bytes("b"), bytes("2"));
      assertThrows(AtlasException.class, feed::poll);
      assertThrows(AtlasException.class, feed::poll);
      assertEquals(1, feed.nextSequence());
      try (ChangeFeed next = store.db().changes(3, ChangeFeed.Delivery.WRITTEN)) {
        assertNotNull(next.poll());
      }
    }
  }

  @Test
  void whatIsGoneIsToldWithTheFirstThatIsThere() {
    Options options = OS.withLogRetainedSegments(3);
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, options)) {
      ChangeFeed slow = store.db().changes(1);
      fill(store.db(), 5_000);
      store.db().flush();
      store.db().sync();
      var gone = assertThrows(HistoryGoneException.class, () -> store.db().changes(1));
      long first = gone.firstAvailableSequence();
      assertThat(first).isBetween(2L, 5_000L);
      assertThrows(HistoryGoneException.class, () -> store.db().changes(first - 1));
      ChangeFeed feed = store.db().changes(first);
      ChangeBatch batch = feed.poll();
      assertNotNull(batch);
      assertEquals(first, batch.firstSequence());
      while (feed.poll() != null) {}
      assertEquals(5_001, feed.nextSequence());
      var late =
          assertThrows(
              HistoryGoneException.class,
              () -> {
                while (slow.poll() != null) {}
              });
      assertEquals(first, late.firstAvailableSequence());
    }
  }

  @Test
  void withoutRetentionThereIsWhatIsNotInTables() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      fill(store.db(), 10);
      try (ChangeFeed feed = store.db().changes(5, ChangeFeed.Delivery.WRITTEN)) {
        assertEquals(5, feed.poll().firstSequence());
      }
    }
  }

  @Test
  void aFeedGoesOnInASegmentThatIsNoLongerNeeded() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      ChangeFeed feed = store.db().changes(1, ChangeFeed.Delivery.WRITTEN);
      store.db().put(bytes("first"), bytes("1"));
      assertNotNull(feed.poll());
      store.db().put(bytes("second"), bytes("2"));
      fill(store.db(), 5_000);
      store.db().flush();
      fill(store.db(), 5_000); // would have used the segment again
      ChangeBatch second = feed.poll();
      assertNotNull(second);
      assertEquals("second", ((Change.Put) second.changes().getFirst()).key().toUtf8());
    }
  }

  @Test
  void sequencesOutOfBoundsAreRefused() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      store.db().put(bytes("a"), bytes("1"));
      assertThrows(IllegalArgumentException.class, () -> store.db().changes(0));
      assertThrows(IllegalArgumentException.class, () -> store.db().changes(3));
      store.db().changes(2).close();
    }
  }

  @Test
  void aSnapshotAndTheFeedBehindItAreAll() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      Db db = store.db();
      db.put(bytes("a"), bytes("1"));
      try (Snapshot snapshot = db.snapshot()) {
        db.put(bytes("b"), bytes("2"));
        ChangeFeed feed = db.changes(snapshot.sequence() + 1, ChangeFeed.Delivery.WRITTEN);
        assertEquals(
            List.of(new Change.Put("default", Bytes.ofUtf8("b"), Bytes.ofUtf8("2"))),
            feed.poll().changes());
      }
    }
  }

  @Test
  void ofANamespaceDroppedBeforeTheFeedBeganItsEndIsTold() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      Db db = store.db();
      db.namespace("gone").put(bytes("a"), bytes("1"));
      long next = db.statistics().lastSequence() + 1;
      db.namespace("gone").put(bytes("b"), bytes("2"));
      db.dropNamespace("gone");
      ChangeFeed feed = db.changes(next, ChangeFeed.Delivery.WRITTEN);
      assertEquals(List.of(new Change.NamespaceDropped("gone")), feed.poll().changes());
      assertNull(feed.poll());
      ChangeFeed all = db.changes(1, ChangeFeed.Delivery.WRITTEN);
      assertEquals(List.of(new Change.NamespaceCreated("gone")), all.poll().changes());
      assertEquals(
          new Change.Put("gone", Bytes.ofUtf8("a"), Bytes.ofUtf8("1")),
          all.poll().changes().getFirst());
    }
  }

  private static void load(KeyValueStore target, String... keys) {
    try (BulkLoad load = target.bulkLoad()) {
      for (String key : keys) {
        load.put(bytes(key), bytes("loaded"));
      }
      load.commit();
    }
  }

  @Test
  void aBulkLoadIsToldWithoutItsEntries() {
    Options options = OS.withHistoryWindow(Duration.ofDays(1)).withLogRetainedSegments(100);
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, options)) {
      Db db = store.db();
      KeyValueStore other = db.namespace("other");
      db.sync();
      ChangeFeed feed = db.changes(db.statistics().lastSequence() + 1);
      load(db, "a", "b");
      load(other, "c");
      ChangeBatch batch = feed.poll();
      assertEquals(List.of(new Change.BulkLoaded("default")), batch.changes());
      assertEquals(List.of(new Change.BulkLoaded("other")), feed.poll().changes());
      assertNull(feed.poll());
      assertEquals(db.statistics().lastSequence() + 1, feed.nextSequence());
      try (Snapshot past = db.snapshotAt(batch.lastSequence())) {
        assertNotNull(past.get(bytes("a")));
        assertNull(past.of(other).get(bytes("c")));
      }
      db.dropNamespace("other");
      db.sync();
      assertEquals(List.of(new Change.NamespaceDropped("other")), feed.poll().changes());
      ChangeFeed late = db.changes(batch.firstSequence(), ChangeFeed.Delivery.WRITTEN);
      assertEquals(List.of(new Change.BulkLoaded("default")), late.poll().changes());
      assertEquals(List.of(new Change.NamespaceDropped("other")), late.poll().changes());
    }
  }

  /// Its mark is on disk before the edit of the manifest: who scans must find what he was told of.
  @Test
  void aBulkLoadIsToldOnceItsEntriesCanBeRead() {
    var files = FaultFileSystem.create(1);
    try (var store = SimStore.open(files, 1, OS)) {
      Db db = store.db();
      ChangeFeed durable = db.changes(1);
      ChangeFeed written = db.changes(1, ChangeFeed.Delivery.WRITTEN);
      var early = new ArrayList<@Nullable ChangeBatch>();
      files.failAlways(
          operation -> {
            if (operation.name().startsWith("MANIFEST")) {
              early.add(durable.poll());
              early.add(written.poll());
            }
            return false;
          },
          Fault.EIO);
      load(db, "a");
      files.clearFaults();
      assertThat(early).isNotEmpty().containsOnlyNulls();
      assertNotNull(durable.poll());
      assertNotNull(written.poll());
    }
  }

  @Test
  void aWaitEndsWithABulkLoad() throws Exception {
    try (Db db = AtlasKv.open(directory, OS);
        var threads = Executors.newSingleThreadExecutor()) {
      ChangeFeed feed = db.changes(1);
      Future<ChangeBatch> next = threads.submit(() -> feed.poll(LONG));
      load(db, "a");
      assertEquals(
          List.of(new Change.BulkLoaded("default")), next.get(50, TimeUnit.SECONDS).changes());
    }
  }

  /// One that fails has its sequence in the log: better told for nothing than not told.
  @Test
  void aBulkLoadThatFailedHoldsNoFeedUp() {
    var files = FaultFileSystem.create(1);
    try (var store = SimStore.open(files, 1, OS)) {
      Db db = store.db();
      ChangeFeed feed = db.changes(1);
      files.failAlways(operation -> operation.name().startsWith("MANIFEST"), Fault.ENOSPC);
      assertThrows(AtlasException.class, () -> load(db, "a"));
      files.clearFaults();
      db.put(bytes("b"), bytes("1"), Durability.SYNCED);
      assertEquals(List.of(new Change.BulkLoaded("default")), feed.poll().changes());
      assertEquals(
          List.of(new Change.Put("default", Bytes.ofUtf8("b"), Bytes.ofUtf8("1"))),
          feed.poll().changes());
    }
  }

  private static List<Change> lastChanges(Db db) {
    List<Change> last = List.of();
    try (ChangeFeed feed = db.changes(1, ChangeFeed.Delivery.WRITTEN)) {
      for (ChangeBatch batch = feed.poll(); batch != null; batch = feed.poll()) {
        last = batch.changes();
      }
    }
    return last;
  }

  /// The end of one is the first key of the next.
  @Test
  void rangesOfNeighbouringNamespacesAreToldEach() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      Db db = store.db();
      KeyValueStore x = db.namespace("x");
      KeyValueStore y = db.namespace("y");
      db.transact(transaction -> {
        transaction.of(y).deleteRange(Range.all());
        transaction.of(x).deleteRange(Range.all());
      });
      assertEquals(
          List.of(
              new Change.DeleteRange("x", Range.all()), new Change.DeleteRange("y", Range.all())),
          lastChanges(db));
      Range from = Range.atLeast(bytes("k"));
      Range upTo = Range.lessThan(bytes("l"));
      db.transact(transaction -> {
        transaction.of(x).deleteRange(from);
        transaction.of(y).deleteRange(upTo);
      });
      assertEquals(
          List.of(new Change.DeleteRange("x", from), new Change.DeleteRange("y", upTo)),
          lastChanges(db));
    }
  }

  /// As transactions wrote them once, which is in logs.
  @Test
  void oneRangeOverSeveralNamespacesIsToldPartByPart() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      Db db = store.db();
      int x = ((EmbeddedNamespace) db.namespace("x")).namespaceId();
      db.namespace("y");
      db.namespace("z");
      db.namespace("untouched");
      byte[] key = bytes("k");
      delete(db, NamespaceKey.full(x, key), NamespaceKey.full(x + 2, key));
      assertEquals(
          List.of(
              new Change.DeleteRange("x", Range.atLeast(key)),
              new Change.DeleteRange("y", Range.all()),
              new Change.DeleteRange("z", Range.lessThan(key))),
          lastChanges(db));
      db.dropNamespace("x"); // what is not known is no reason to leave the others out
      delete(db, NamespaceKey.first(x), NamespaceKey.end(x + 2));
      assertEquals(
          List.of(
              new Change.DeleteRange("y", Range.all()), new Change.DeleteRange("z", Range.all())),
          lastChanges(db));
    }
  }

  private static void delete(Db db, byte[] start, byte[] end) {
    Engine engine = ((EmbeddedDb) db).engine();
    try (var batch = new BatchBuilder()) {
      batch.deleteRange(start, 0, start.length, end, 0, end.length);
      batch.finish();
      assertThat(engine.commit(batch)).isPositive();
    }
    assertThat(engine.writeLog()).isTrue();
  }

  @Test
  void whenAValueExpiresIsTold() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      Instant end = Instant.ofEpochMilli(Long.MAX_VALUE / 2);
      store.db().put(bytes("a"), bytes("1"), Expiry.at(end));
      store.db().put(bytes("b"), bytes("2"));
      ChangeFeed feed = store.db().changes(1, ChangeFeed.Delivery.WRITTEN);
      assertEquals(
          new Change.Put("default", Bytes.ofUtf8("a"), Bytes.ofUtf8("1"), end.toEpochMilli()),
          feed.poll().changes().getFirst());
      var never = (Change.Put) feed.poll().changes().getFirst();
      assertEquals(Change.Put.NEVER, never.expiresAtMillis());
    }
  }

  @Test
  void damageIsToldAndNotPassedOver() {
    var files = FaultFileSystem.create(1);
    try (var store = SimStore.open(files, 1, OS)) {
      store.db().put(bytes("a"), new byte[100]);
      store.db().put(bytes("b"), new byte[100]);
      store.db().sync();
      files.flip("000001.log", 88 + 60, 1);
      ChangeFeed feed = store.db().changes(1);
      var damage = assertThrows(CorruptionException.class, feed::poll);
      assertThat(damage).hasMessageContaining("000001.log");
      files.flip("000001.log", 88 + 60, 1);
    }
  }

  /// Whichever read or opening of a segment fails: that is told, and the feed goes on where it was.
  @Test
  void aReadThatFailsOnceIsToldAndCostsNothing() {
    boolean wasReached = true;
    int failures = 0;
    for (int call = 0; wasReached; call++) {
      var files = FaultFileSystem.create(1);
      try (var store = SimStore.open(files, 1, OS)) {
        ChangeFeed feed = store.db().changes(1);
        fill(store.db(), 600);
        store.db().sync();
        int failing = files.operationCount() + call;
        files.failAt(failing, Fault.EIO);
        while (feed.nextSequence() <= 600) {
          long next = feed.nextSequence();
          try {
            ChangeBatch batch = feed.poll();
            assertNotNull(batch);
            assertEquals(next, batch.firstSequence());
          } catch (StorageException e) {
            assertThat(e).hasMessageContaining("injected");
            failures++;
          }
        }
        wasReached = files.operationCount() > failing;
        files.clearFaults();
      }
    }
    assertThat(failures).isGreaterThan(5);
  }

  @Test
  void aWaitEndsWithTheNextCommit() throws Exception {
    try (Db db = AtlasKv.open(directory, OS);
        var threads = Executors.newSingleThreadExecutor()) {
      ChangeFeed feed = db.changes(1);
      Future<ChangeBatch> next = threads.submit(() -> feed.poll(LONG));
      db.put(bytes("a"), bytes("1"), Durability.SYNCED);
      assertEquals(1, next.get(1, TimeUnit.MINUTES).firstSequence());
    }
  }

  @Test
  void aWaitEndsWithTheClose() throws Exception {
    Db db = AtlasKv.open(directory, OS);
    try (var threads = Executors.newCachedThreadPool()) {
      ChangeFeed one = db.changes(1);
      ChangeFeed other = db.changes(1);
      Future<ChangeBatch> ofFeed = threads.submit(() -> one.poll(LONG));
      Future<ChangeBatch> ofStore = threads.submit(() -> other.poll(LONG));
      one.close();
      assertThat(ofFeed).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(closed());
      db.close();
      assertThat(ofStore).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(closed());
    } finally {
      db.close();
    }
  }

  private static Class<ClosedException> closed() {
    return ClosedException.class;
  }

  @Test
  void aPollTakesNoLongerThanAllowed() {
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, OS)) {
      assertNull(store.db().changes(1).poll(Duration.ofSeconds(5)));
      assertNull(store.db().changes(1).poll(Duration.ZERO));
    }
  }
}
