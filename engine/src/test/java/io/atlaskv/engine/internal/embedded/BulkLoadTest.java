package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sorted entries that become part of the store at once. Random histories with them are in
/// `DbModelTest`, crashes in `DbPowerLossTest`.
class BulkLoadTest {
  private static final long SEED = 7;
  private static final long SECOND = 1_000_000_000;

  private final FaultFileSystem files = FaultFileSystem.create(SEED);
  private SimStore store = SimStore.open(files, SEED, RandomOptions.SMALL);

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

  private static byte[] key(int number) {
    return bytes(String.format(Locale.ROOT, "key%06d", number));
  }

  private static void fill(BulkLoad load, int from, int to, String value) {
    for (int i = from; i < to; i++) {
      load.put(key(i), bytes(value + i));
    }
  }

  private void load(int from, int to, String value) {
    try (BulkLoad load = db().bulkLoad()) {
      fill(load, from, to, value);
      assertEquals(to - from, load.commit());
    }
  }

  private long tables(int level) {
    return db().statistics().levels().get(level).tables();
  }

  private long tableFiles() {
    return files.list().stream().filter(name -> name.endsWith(".sst")).count();
  }

  @Test
  void manyEntriesGoToTheBottomInSeveralTables() {
    load(0, 20_000, "v");
    assertTrue(tables(6) > 1, "tables=" + tables(6));
    assertEquals(tableFiles(), tables(6));
    for (int i = 0; i < 20_000; i += 37) {
      assertArrayEquals(bytes("v" + i), db().get(key(i)));
    }
    try (var entries = db().range(Range.all()).stream()) {
      assertEquals(20_000, entries.count());
    }
    db().verify();
    store.close();
    store = SimStore.open(files, SEED, RandomOptions.SMALL);
    assertArrayEquals(bytes("v19999"), db().get(key(19_999)));
  }

  @Test
  void nobodySeesAnyEntryBeforeTheCommit() {
    db().put(key(1), bytes("old"));
    try (BulkLoad load = db().bulkLoad()) {
      fill(load, 0, 5_000, "new");
      assertArrayEquals(bytes("old"), db().get(key(1)));
      assertNull(db().get(key(2)));
      try (Snapshot before = db().snapshot()) {
        load.commit();
        assertArrayEquals(bytes("old"), before.get(key(1)));
        assertNull(before.get(key(2)));
        assertEquals(Explanation.Answer.ABSENT, before.explain(key(2)).answer());
        db().compact();
        assertNull(before.get(key(2)));
      }
    }
    assertArrayEquals(bytes("new1"), db().get(key(1)));
    try (Snapshot now = db().snapshot()) {
      assertEquals(now.sequence(), now.explain(key(1)).sequence(), "the newest of all");
    }
  }

  @Test
  void isNewerThanAllBeforeAndOlderThanAllAfter() {
    for (int i = 0; i < 10; i++) {
      db().put(key(i), bytes("bottom"));
    }
    db().compact();
    db().put(key(3), bytes("table"));
    db().flush();
    db().delete(key(4));
    db().deleteRange(Range.closedOpen(key(6), key(8))); // in the memtable
    load(0, 10, "load");
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(bytes("load" + i), db().get(key(i)));
    }
    db().put(key(5), bytes("after"));
    db().delete(key(6));
    for (int round = 0; round < 2; round++) {
      assertArrayEquals(bytes("load4"), db().get(key(4)));
      assertArrayEquals(bytes("after"), db().get(key(5)));
      assertNull(db().get(key(6)));
      db().compact();
    }
    db().verify();
  }

  @Test
  void whatOverlapsNothingGoesBelowWhatItDoesNotOverlap() {
    for (int i = 0; i < 100; i++) {
      db().put(key(i), new byte[100]);
    }
    db().flush();
    load(500, 600, "far");
    assertEquals(1, tables(0));
    assertEquals(1, tables(6));
    load(50, 51, "near");
    assertEquals(2, tables(0));
  }

  @Test
  void orderIsRequiredAndTheMessageNamesTheEntry() {
    KeyValueStore other = db().namespace("other");
    try (BulkLoad load = other.bulkLoad()) {
      load.put(bytes("b"), bytes("1"));
      assertThatThrownBy(() -> load.put(bytes("a"), bytes("2")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("entry 1: key a is not after the one before it, b");
      assertThatThrownBy(() -> load.put(bytes("b"), bytes("2")))
          .hasMessage("entry 1: key b comes a second time");
      assertThatThrownBy(() -> load.put(new byte[KeyValueStore.KEY_BYTES_MAX + 1], new byte[0]))
          .hasMessageContaining("entry 1")
          .hasMessageContaining("65536");
      byte[] large = new byte[(8 << 20) + 1]; // an eighth of the memory limit
      assertThatThrownBy(() -> load.put(bytes("c"), large))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("entry 1: key c has a value of 8388609 bytes, the limit is 8388608");
      assertThatThrownBy(() -> load.put(bytes("c"), large, Expiry.after(Duration.ofHours(1))))
          .hasMessageContaining("8388609");
      load.put(bytes("c"), bytes("3"));
      assertEquals(2, load.commit());
      assertThrows(IllegalStateException.class, () -> load.put(bytes("d"), bytes("4")));
      assertThrows(IllegalStateException.class, load::commit);
    }
    assertArrayEquals(bytes("1"), other.get(bytes("b")));
    assertNull(db().get(bytes("b")));
  }

  @Test
  void whatIsNotCommittedLeavesNothing() {
    try (BulkLoad load = db().bulkLoad()) {
      fill(load, 0, 20_000, "v");
    }
    assertEquals(0, tableFiles());
    BulkLoad lost = db().bulkLoad();
    fill(lost, 0, 20_000, "v");
    store.close();
    assertEquals(0, tableFiles());
    assertThrows(ClosedException.class, () -> lost.put(key(20_001), new byte[0]));
    assertThrows(ClosedException.class, lost::commit);
    store = SimStore.open(files, SEED, RandomOptions.SMALL);
    assertNull(db().get(key(1)));
  }

  @Test
  void entriesMayExpire() {
    try (BulkLoad load = db().bulkLoad()) {
      load.put(key(1), bytes("1"), Expiry.after(Duration.ofMinutes(1)));
      load.put(key(2), bytes("2"));
      load.commit();
    }
    assertArrayEquals(bytes("1"), db().get(key(1)));
    assertNotNull(db().expiryOf(key(1)));
    store.clock().jumpWall(60_000);
    assertNull(db().get(key(1)));
    assertArrayEquals(bytes("2"), db().get(key(2)));
  }

  @Test
  void aFullDiskLeavesNothingAndTheStoreGoesOn() {
    db().put(key(1), bytes("old"));
    db().flush();
    long before = tableFiles();
    files.failAlways(operation -> operation.name().startsWith("MANIFEST"), Fault.ENOSPC);
    assertThrows(AtlasException.class, () -> load(0, 100, "new"));
    files.clearFaults();
    assertEquals(before, tableFiles());
    assertArrayEquals(bytes("old"), db().get(key(1)));
    load(0, 100, "new");
    assertArrayEquals(bytes("new1"), db().get(key(1)));
    db().put(key(1), bytes("newest"));
    assertArrayEquals(bytes("newest"), db().get(key(1)));
  }

  /// Lets tables fail at their last step.
  private void failTables() {
    files.failAlways(
        operation -> operation.kind() == Operation.Kind.SYNC && operation.name().endsWith(".sst"),
        Fault.ENOSPC);
  }

  private void assertFailed(BulkLoad load) {
    assertThatThrownBy(() -> load.put(key(30_000), bytes("v")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("failed")
        .hasCauseInstanceOf(StorageException.class);
    assertThatThrownBy(load::commit)
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(StorageException.class);
    load.close();
    assertThrows(ClosedException.class, load::commit);
    assertEquals(0, tableFiles());
    assertNull(db().get(key(0)));
    load(0, 100, "again");
    assertArrayEquals(bytes("again1"), db().get(key(1)));
    db().put(key(1), bytes("new"));
    assertArrayEquals(bytes("new"), db().get(key(1)));
  }

  /// The tables finished before must not be taken for the whole load.
  @Test
  void aLoadWhoseLastTableFailedIsOver() {
    BulkLoad load = db().bulkLoad();
    fill(load, 0, 20_000, "v");
    failTables();
    assertThrows(StorageException.class, load::commit);
    files.clearFaults();
    assertFailed(load);
  }

  /// A table whose end was tried must not be ended again: it would be damaged, and the store would
  /// refuse writes.
  @Test
  void aLoadThatFailedAtATableIsOver() {
    BulkLoad load = db().bulkLoad();
    failTables();
    int[] next = {0};
    assertThrows(
        StorageException.class,
        () -> {
          while (true) {
            load.put(key(next[0]), bytes("v" + next[0]));
            next[0]++;
          }
        });
    files.clearFaults();
    assertFailed(load);
  }

  /// Whoever commits is told of any failure, and nothing is committed after one that leaves open
  /// what was done.
  @Test
  void anErrorWhileItIsInstalledIsNoSuccess() {
    db().put(key(1), bytes("old"));
    db().flush();
    files.failAlways(BulkLoadTest::breakDown, Fault.EIO);
    assertThrows(InternalError.class, () -> load(0, 100, "new"));
    files.clearFaults();
    assertArrayEquals(bytes("old"), db().get(key(1)));
    assertThrows(ReadOnlyException.class, () -> db().put(key(2), key(2)));
    store.abandon();
    store = SimStore.open(files, SEED, RandomOptions.SMALL);
    assertArrayEquals(bytes("old"), db().get(key(1)));
    load(0, 100, "new");
    assertArrayEquals(bytes("new1"), db().get(key(1)));
  }

  /// Breaks the virtual machine at the manifest.
  private static boolean breakDown(Operation operation) {
    if (operation.name().startsWith("MANIFEST")) {
      throw new InternalError("planted");
    }
    return false;
  }

  /// A load that is committed when its namespace is being dropped leaves no tables that nobody can
  /// reach.
  @Test
  void aNamespaceDroppedMeanwhileRefusesTheLoad() {
    KeyValueStore namespace = db().namespace("n");
    db().put(key(1), bytes("for the flush"));
    boolean[] isDropped = {false};
    files.failAlways(
        operation -> {
          if (operation.name().endsWith(".sst") && !isDropped[0]) {
            isDropped[0] = true;
            db().dropNamespace("n");
          }
          return false;
        },
        Fault.EIO);
    isDropped[0] = true;
    try (BulkLoad load = namespace.bulkLoad()) {
      fill(load, 0, 20_000, "v");
      isDropped[0] = false;
      assertThrows(IllegalStateException.class, load::commit);
    }
    files.clearFaults();
    assertTrue(isDropped[0]);
    db().compact();
    store.scheduler().runFor(SECOND); // what is obsolete is deleted
    assertEquals(1, tableFiles());
    db().put(key(2), bytes("the store goes on"));
    assertArrayEquals(bytes("for the flush"), db().get(key(1)));
  }

  @Test
  void transactionsNoticeALoadInBetween() {
    db().put(key(1), bytes("old"));
    try (Transaction transaction = db().begin(TransactionOptions.DEFAULT)) {
      assertNull(transaction.of(db()).get(key(2)));
      load(2, 3, "load");
      transaction.of(db()).put(key(1), bytes("new"));
      assertThrows(ConflictException.class, transaction::commit);
    }
    assertArrayEquals(bytes("old"), db().get(key(1)));
  }

  @Test
  void updatesNoticeALoadInBetween() {
    db().put(key(1), bytes("old"));
    boolean[] isFirst = {true};
    db().update(
            key(1),
            old -> {
              if (isFirst[0]) {
                isFirst[0] = false;
                load(1, 2, "load");
              }
              return bytes(new String(old, StandardCharsets.UTF_8) + "+");
            });
    assertArrayEquals(bytes("load1+"), db().get(key(1)));
  }
}
