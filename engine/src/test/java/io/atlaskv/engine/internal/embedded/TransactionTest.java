package io.atlaskv.engine.internal.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.DeadlockException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.LockLimitException;
import io.atlaskv.engine.api.LockTimeoutException;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.internal.db.RandomOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTest {
  private static final TransactionOptions SERIALIZABLE = TransactionOptions.DEFAULT;
  private static final TransactionOptions SNAPSHOT = SERIALIZABLE.withIsolation(Isolation.SNAPSHOT);
  private static final TransactionOptions PESSIMISTIC =
      SERIALIZABLE.withLocking(Locking.PESSIMISTIC).withLockTimeout(Duration.ofMinutes(1));
  private static final TransactionOptions NO_WAIT = PESSIMISTIC.withLockTimeout(Duration.ZERO);

  @TempDir private Path directory;
  private Db db;

  @BeforeEach
  void open() {
    db = AtlasKv.open(directory, RandomOptions.SMALL);
    set(db, "a", "1");
    set(db, "c", "3");
    set(db, "e", "5");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static byte[] b(String text) {
    return text.getBytes(UTF_8);
  }

  private static void set(KeyValueStore store, String key, String value) {
    store.put(b(key), b(value));
  }

  private static void set(TransactionStore store, String key, String value) {
    store.put(b(key), b(value));
  }

  private static String get(KeyValueReader store, String key) {
    byte[] value = store.get(b(key));
    return value == null ? null : new String(value, UTF_8);
  }

  private static String all(KeyValueReader store) {
    return all(store, Range.all());
  }

  private static String all(KeyValueReader store, Range range) {
    try (var entries = store.range(range).stream()) {
      return entries
          .map(entry -> entry.key().toUtf8() + entry.value().toUtf8())
          .collect(Collectors.joining(" "));
    }
  }

  private static <T> FutureTask<T> onThread(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static Throwable failure(Future<?> future) {
    return assertThrows(ExecutionException.class, () -> future.get(1, TimeUnit.MINUTES)).getCause();
  }

  // ---- what it does

  @Test
  void readsItsOwnWritesAndNobodyElseDoes() {
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      set(tx, "b", "2");
      tx.delete(b("c"));
      assertEquals("2", get(tx, "b"));
      assertNull(get(tx, "c"));
      assertTrue(tx.contains(b("b")));
      assertEquals(-1, tx.get(b("c"), MemorySegment.ofArray(new byte[1])));
      byte[] copied = new byte[1];
      assertEquals(1, tx.get(b("b"), MemorySegment.ofArray(copied)));
      assertThat(copied).isEqualTo(b("2"));
      assertEquals("2", tx.get(b("b"), Codec.utf8()));
      assertEquals("5", tx.get(b("e"), Codec.utf8()));
      assertNull(tx.get(b("c"), Codec.utf8()));
      assertThat(tx.getForUpdate(b("b"))).isEqualTo(b("2"));
      assertEquals("a1 b2 e5", all(tx));
      assertEquals("a1 c3 e5", all(db));
      tx.commit();
    }
    assertEquals("a1 b2 e5", all(db));
  }

  @Test
  void aRangeThatIsDeletedIsGoneButForWhatIsWrittenLater() {
    db.transact(tx -> {
      set(tx, "b", "2");
      tx.deleteRange(Range.closedOpen(b("b"), b("e")));
      assertEquals("a1 e5", all(tx));
      set(tx, "d", "4");
      assertEquals("a1 d4 e5", all(tx));
      assertNull(get(tx, "c"));
      tx.deleteRange(Range.closedOpen(b("z"), b("y")));
    });
    assertEquals("a1 d4 e5", all(db));
  }

  @Test
  void spansNamespaces() {
    KeyValueStore other = db.namespace("other");
    set(other, "a", "9");
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      TransactionStore ofOther = tx.of(other);
      assertEquals("9", get(ofOther, "a"));
      set(ofOther, "b", "8");
      set(tx, "b", "2");
      assertEquals("a9 b8", all(ofOther));
      assertEquals("a1 b2 c3 e5", all(tx));
      tx.commit();
    }
    assertEquals("a9 b8", all(other));
    assertEquals("a1 b2 c3 e5", all(db));
  }

  @Test
  void rollbackAndCloseLeaveNoTrace() {
    Transaction rolledBack = db.begin(SERIALIZABLE);
    set(rolledBack, "b", "2");
    rolledBack.rollback();
    rolledBack.close();
    try (Transaction closed = db.begin(SERIALIZABLE)) {
      closed.deleteRange(Range.all());
    }
    assertEquals("a1 c3 e5", all(db));
    assertEquals(0, db.statistics().openSnapshots());
  }

  @Test
  void goesBackToSavepoints() {
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      set(tx, "b", "2");
      var first = tx.savepoint();
      set(tx, "b", "x");
      tx.deleteRange(Range.closedOpen(b("b"), b("d")));
      var second = tx.savepoint();
      set(tx, "z", "z");
      tx.delete(b("a"));
      tx.rollbackTo(second);
      assertEquals("a1 e5", all(tx));
      tx.rollbackTo(first);
      assertEquals("a1 b2 c3 e5", all(tx));
      assertThrows(IllegalArgumentException.class, () -> tx.rollbackTo(second));
      tx.deleteRange(Range.all());
      tx.rollbackTo(first); // again
      tx.commit();
    }
    assertEquals("a1 b2 c3 e5", all(db));
  }

  @Test
  void aSavepointOfAnotherIsRefused() {
    try (Transaction one = db.begin(SERIALIZABLE);
        Transaction other = db.begin(SERIALIZABLE)) {
      var savepoint = one.savepoint();
      assertThrows(IllegalArgumentException.class, () -> other.rollbackTo(savepoint));
    }
  }

  @Test
  void isAsDurableAsAsked() {
    long before = db.statistics().durableSequence();
    db.transact(
        SERIALIZABLE.withDurability(Durability.ALWAYS), transaction -> set(transaction, "b", "2"));
    assertThat(db.statistics().durableSequence()).isGreaterThan(before);
    db.close();
    open();
    assertEquals("2", get(db, "b"));
  }

  @Test
  void writesValuesThatExpire() {
    Instant later = Instant.ofEpochMilli(System.currentTimeMillis() + 3_600_000);
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      tx.put(b("b"), b("2"), Expiry.at(later));
      tx.put(b("c"), b("x"), Expiry.at(Instant.EPOCH)); // is over: a deletion
      assertEquals(later, tx.expiryOf(b("b")));
      assertNull(tx.expiryOf(b("a")));
      assertNull(tx.expiryOf(b("c")));
      assertEquals("a1 b2 e5", all(tx));
      tx.commit();
    }
    assertEquals("a1 b2 e5", all(db));
    assertEquals(later, db.expiryOf(b("b")));
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      assertEquals(later, tx.expiryOf(b("b")));
      set(tx, "x", "1");
      set(db, "b", "2"); // the same, but for ever
      assertThrows(ConflictException.class, tx::commit);
    }
  }

  // ---- its end

  @Test
  void afterItsEndEverythingThrows() {
    Transaction committed = db.begin(SERIALIZABLE);
    Cursor cursor = committed.range(Range.all()).open();
    TransactionStore namespace = committed.of(db.namespace("other"));
    committed.commit();
    assertThrows(ClosedException.class, committed::commit);
    assertThrows(ClosedException.class, committed::rollback);
    assertThrows(ClosedException.class, committed::savepoint);
    assertThrows(ClosedException.class, () -> get(committed, "a"));
    assertThrows(ClosedException.class, () -> set(committed, "a", "x"));
    assertThrows(ClosedException.class, () -> get(namespace, "a"));
    assertThrows(ClosedException.class, cursor::next);
    assertThrows(ClosedException.class, cursor::key);
    cursor.close();
    committed.close();
    assertEquals(0, db.statistics().openSnapshots());
  }

  @Test
  void aNamespaceThatIsDroppedMeanwhileFailsTheCommit() {
    KeyValueStore dropped = db.namespace("dropped");
    Transaction tx = db.begin(SERIALIZABLE);
    set(tx, "b", "2");
    set(tx.of(dropped), "x", "y");
    db.dropNamespace("dropped");
    assertThrows(IllegalStateException.class, tx::commit);
    assertThrows(ClosedException.class, tx::commit);
    assertEquals("a1 c3 e5", all(db));
  }

  @Test
  void foreignHandlesAndLongKeysAreRefused() {
    try (Db another = AtlasKv.open(directory.resolve("another"), RandomOptions.SMALL);
        Transaction tx = db.begin(SERIALIZABLE)) {
      assertThrows(IllegalArgumentException.class, () -> tx.of(another));
      byte[] tooLong = new byte[KeyValueStore.KEY_BYTES_MAX + 1];
      assertThrows(IllegalArgumentException.class, () -> tx.put(tooLong, b("x")));
      assertThrows(IllegalArgumentException.class, () -> tx.get(tooLong));
    }
  }

  @Test
  void writesBeyondTheLargestBatchAreRefusedEarly() {
    byte[] value = new byte[1 << 20];
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      var failure =
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  tx.put(Codec.int32().toBytes(i), value);
                }
              });
      assertThat(failure).hasMessageContaining("larger than the limit");
      tx.commit();
    }
  }

  @Test
  void aCloseOfTheStoreEndsTransactionsAndWaits() {
    Transaction holder = db.begin(PESSIMISTIC);
    set(holder, "a", "x");
    Transaction other = db.begin(PESSIMISTIC);
    var waits =
        onThread(() -> {
          set(other, "a", "y");
          return null;
        });
    db.close();
    assertThat(failure(waits)).isInstanceOf(ClosedException.class);
    assertThrows(ClosedException.class, holder::commit);
    assertThrows(ClosedException.class, () -> db.begin(SERIALIZABLE));
    assertThrows(ClosedException.class, () -> db.transact(tx -> {}));
    open();
    assertEquals("1", get(db, "a"));
  }

  @Test
  void twoThreadsAtATimeAreRefused() throws Exception {
    Transaction holder = db.begin(PESSIMISTIC);
    set(holder, "a", "x");
    Transaction other = db.begin(PESSIMISTIC);
    var entered = new CountDownLatch(1);
    var waits =
        onThread(() -> {
          entered.countDown();
          set(other, "a", "y");
          return null;
        });
    entered.await();
    Throwable refusal = null;
    while (refusal == null) { // until the other thread is in
      try {
        get(other, "c");
        Thread.onSpinWait();
      } catch (IllegalStateException e) {
        refusal = e;
      }
      assertTrue(!waits.isDone());
    }
    assertThat(refusal).hasMessageContaining("by one thread at a time");
    holder.commit();
    waits.get(1, TimeUnit.MINUTES);
    other.close();
  }

  // ---- running it again

  @Test
  void workIsRunAgainAfterAConflict() {
    var tries = new AtomicInteger();
    String result =
        db.transactResult(tx -> {
          String before = get(tx, "a");
          if (tries.getAndIncrement() < 3) {
            set(db, "a", before + "+");
          }
          set(tx, "a", before + "!");
          return before;
        });
    assertEquals(4, tries.get());
    assertEquals("1+++", result);
    assertEquals("1+++!", get(db, "a"));
  }

  @Test
  void triesAreLimited() {
    var tries = new AtomicInteger();
    assertThrows(
        ConflictException.class,
        () ->
            db.transact(
                SERIALIZABLE.withTriesMax(5),
                tx -> {
                  set(db, "a", get(tx, "a") + tries.incrementAndGet());
                  set(tx, "a", "x");
                }));
    assertEquals(5, tries.get());
    assertEquals("112345", get(db, "a"));
    assertEquals(0, db.statistics().openSnapshots());
  }

  @Test
  void whatTheWorkThrowsRollsBack() {
    var thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                db.transact(tx -> {
                  set(tx, "a", "x");
                  throw new IllegalStateException("of the work");
                }));
    assertThat(thrown).hasMessage("of the work");
    assertEquals("1", get(db, "a"));
  }

  @Test
  void workMayRollBackItself() {
    assertEquals(
        "done",
        db.transactResult(tx -> {
          set(tx, "a", "x");
          tx.rollback();
          return "done";
        }));
    assertEquals("1", get(db, "a"));
  }

  @Test
  void aConflictThatTheWorkSwallowsIsNoSuccess() {
    var tries = new AtomicInteger();
    db.transact(
        SERIALIZABLE,
        tx -> {
          try {
            set(tx, "a", get(tx, "a") + "x");
            if (tries.getAndIncrement() == 0) {
              set(db, "a", "2");
            }
            tx.commit();
          } catch (ConflictException _) {
            set(db, "log", "conflict");
          }
        });
    assertEquals(2, tries.get());
    assertEquals("2x", get(db, "a"));
  }

  @Test
  void manyThreadsLoseNoIncrement() throws Exception {
    for (TransactionOptions options :
        new TransactionOptions[] {SERIALIZABLE, SNAPSHOT, PESSIMISTIC}) {
      set(db, "n", "0");
      int threads = 4;
      int each = 100;
      var results = new ArrayList<Future<?>>();
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < threads; i++) {
          results.add(
              executor.submit(() -> {
                for (int j = 0; j < each; j++) {
                  db.transact(
                      options.withTriesMax(1_000_000),
                      tx -> {
                        byte[] before = tx.getForUpdate(b("n"));
                        int number = Integer.parseInt(new String(before, UTF_8));
                        set(tx, "n", Integer.toString(number + 1));
                      });
                }
              }));
        }
      }
      for (Future<?> result : results) {
        result.get();
      }
      assertEquals(Integer.toString(threads * each), get(db, "n"), options.toString());
    }
  }

  // ---- anomalies; each under both levels

  private void bothLevels(java.util.function.Consumer<TransactionOptions> test) {
    test.accept(SERIALIZABLE);
    test.accept(SNAPSHOT);
  }

  @Test
  void noDirtyReadNoUnrepeatableRead() {
    bothLevels(options -> {
      set(db, "a", "1");
      try (Transaction reader = db.begin(options);
          Transaction writer = db.begin(options)) {
        set(writer, "a", "2");
        assertEquals("1", get(reader, "a")); // not what is not committed
        writer.commit();
        assertEquals("1", get(reader, "a")); // nor what is committed later
        reader.commit();
      }
    });
  }

  @Test
  void noLostUpdate() {
    bothLevels(options -> {
      set(db, "a", "1");
      try (Transaction one = db.begin(options);
          Transaction two = db.begin(options)) {
        String ofOne = get(one, "a");
        String ofTwo = get(two, "a");
        set(one, "a", ofOne + "one");
        set(two, "a", ofTwo + "two");
        two.commit();
        assertThrows(ConflictException.class, one::commit);
      }
      assertEquals("1two", get(db, "a"));
    });
  }

  /// Two doctors are on call; each goes off duty if the other stays.
  private void writeSkew(TransactionOptions options, boolean isPossible) {
    set(db, "ann", "on");
    set(db, "bob", "on");
    try (Transaction ann = db.begin(options);
        Transaction bob = db.begin(options)) {
      assertEquals("on", get(ann, "bob"));
      assertEquals("on", get(bob, "ann"));
      set(ann, "ann", "off");
      set(bob, "bob", "off");
      ann.commit();
      if (isPossible) {
        bob.commit();
      } else {
        assertThrows(ConflictException.class, bob::commit);
      }
    }
    assertEquals(isPossible ? "off" : "on", get(db, "bob"));
  }

  @Test
  void writeSkewUnderSnapshotOnly() {
    writeSkew(SERIALIZABLE, false);
    writeSkew(SNAPSHOT, true);
  }

  @Test
  void noWriteSkewUnderSnapshotForKeysThatAreReadForUpdate() {
    try (Transaction one = db.begin(SNAPSHOT);
        Transaction two = db.begin(SNAPSHOT)) {
      one.getForUpdate(b("c"));
      two.getForUpdate(b("a"));
      set(one, "a", "x");
      set(two, "c", "x");
      one.commit();
      assertThrows(ConflictException.class, two::commit);
    }
  }

  /// Each books the room if nobody has.
  private void phantom(TransactionOptions options, boolean isPossible) {
    db.deleteRange(Range.prefix("room:"));
    try (Transaction one = db.begin(options);
        Transaction two = db.begin(options)) {
      assertEquals("", all(one, Range.prefix("room:")));
      assertEquals("", all(two, Range.prefix("room:")));
      set(one, "room:9h", "one");
      set(two, "room:9h30", "two");
      one.commit();
      assertEquals("room:9h30two", all(two, Range.prefix("room:"))); // none that was not there
      if (isPossible) {
        two.commit();
      } else {
        assertThrows(ConflictException.class, two::commit);
      }
    }
  }

  @Test
  void phantomsUnderSnapshotOnlyByWriteSkew() {
    phantom(SERIALIZABLE, false);
    phantom(SNAPSHOT, true);
  }

  /// Fekete, O'Neil, O'Neil 2004: checking and savings are empty. 20 are paid into savings, 10
  /// drawn from checking, and 1 charged if both together go below 0. Who only reads sees the 20,
  /// but not the 10; then no charge is possible any more in any order.
  private void readOnlyAnomaly(TransactionOptions options, boolean isPossible) {
    set(db, "checking", "0");
    set(db, "savings", "0");
    try (Transaction draws = db.begin(options);
        Transaction pays = db.begin(options);
        Transaction looks = db.begin(options)) {
      assertEquals("0", get(draws, "checking"));
      assertEquals("0", get(draws, "savings"));
      assertEquals("0", get(pays, "savings"));
      set(pays, "savings", "20");
      pays.commit();
      assertEquals("0", get(looks, "checking"));
      assertEquals("20", get(looks, "savings"));
      looks.commit();
      set(draws, "checking", "-11");
      if (isPossible) {
        draws.commit();
      } else {
        assertThrows(ConflictException.class, draws::commit);
      }
    }
  }

  @Test
  void readOnlyAnomalyUnderSnapshotOnly() {
    readOnlyAnomaly(SERIALIZABLE, false);
    readOnlyAnomaly(SNAPSHOT, true);
  }

  // ---- what a commit is checked against

  @Test
  void aKeyThatWasNotThereCounts() {
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      assertNull(get(tx, "b"));
      set(tx, "x", "1");
      set(db, "b", "2");
      assertThrows(ConflictException.class, tx::commit);
    }
  }

  @Test
  void deletionsOfKeysAndRangesCount() {
    try (Transaction one = db.begin(SERIALIZABLE);
        Transaction two = db.begin(SERIALIZABLE);
        Transaction three = db.begin(SERIALIZABLE)) {
      assertEquals("1", get(one, "a"));
      assertEquals("5", get(two, "e"));
      assertEquals("e5", all(three, Range.atLeast(b("d"))));
      set(one, "x", "1");
      set(two, "y", "1");
      set(three, "z", "1");
      db.delete(b("a"));
      db.deleteRange(Range.closedOpen(b("d"), b("f")));
      assertThrows(ConflictException.class, one::commit);
      assertThrows(ConflictException.class, two::commit);
      assertThrows(ConflictException.class, three::commit);
    }
  }

  @Test
  void ofAScanCountsWhatWasSeen() {
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      assertEquals(1, tx.range(Range.all()).limit(1).stream().count());
      try (Cursor down = tx.range(Range.all()).reverse().open()) {
        assertThat(down.key()).isEqualTo(b("e"));
      }
      set(tx, "x", "1");
      set(db, "b", "2"); // behind the first, before the last
      set(db, "c", "4");
      tx.commit();
    }
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      assertEquals(2, tx.range(Range.all()).limit(2).stream().count());
      set(tx, "x", "2");
      set(db, "aa", "between");
      assertThrows(ConflictException.class, tx::commit);
    }
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      Cursor open = tx.range(Range.atLeast(b("d"))).open(); // stays so to the commit
      assertThat(open.key()).isEqualTo(b("e"));
      set(tx, "x", "3");
      set(db, "d", "between");
      assertThrows(ConflictException.class, tx::commit);
    }
  }

  @Test
  void ownWritesAreNoReads() {
    try (Transaction tx = db.begin(SERIALIZABLE)) {
      assertEquals("3", get(tx, "c"));
      set(tx, "a", "mine");
      assertEquals("mine", get(tx, "a"));
      set(db, "a", "theirs");
      tx.commit();
    }
    assertEquals("mine", get(db, "a"));
  }

  @Test
  void changesThatWereFlushedCount() {
    for (boolean isScan : new boolean[] {false, true}) {
      for (String changed : new String[] {"c", "b", ""}) {
        try (Transaction tx = db.begin(SERIALIZABLE)) {
          if (isScan) {
            all(tx, Range.closedOpen(b("b"), b("d")));
          } else {
            get(tx, "c");
            get(tx, "b");
          }
          set(tx, "x", "1");
          set(db, "y", "2");
          if (!changed.isEmpty()) {
            set(db, changed, "changed");
          }
          db.flush();
          db.compact();
          if (changed.isEmpty()) {
            tx.commit();
          } else {
            assertThrows(ConflictException.class, tx::commit);
          }
        }
        db.delete(b("b"));
      }
    }
  }

  @Test
  void deletionsThatWereFlushedCount() {
    for (boolean isRange : new boolean[] {false, true}) {
      set(db, "c", "3");
      db.compact();
      try (Transaction key = db.begin(SERIALIZABLE);
          Transaction scan = db.begin(SERIALIZABLE)) {
        get(key, "c");
        all(scan, Range.closedOpen(b("b"), b("d")));
        set(key, "x", "1");
        set(scan, "x", "1");
        if (isRange) {
          db.deleteRange(Range.closedOpen(b("bb"), b("cc")));
        } else {
          db.delete(b("c"));
        }
        db.compact();
        assertThrows(ConflictException.class, key::commit);
        assertThrows(ConflictException.class, scan::commit);
      }
    }
  }

  @Test
  void manyKeysAreChecked() {
    int keys = 3 * io.atlaskv.engine.internal.transaction.ReadSet.EACH_MAX / 2;
    for (boolean isChanged : new boolean[] {false, true}) {
      try (Transaction tx = db.begin(SERIALIZABLE)) {
        for (int i = 0; i < keys; i++) {
          tx.contains(Codec.int32().toBytes(i));
        }
        set(tx, "x", "1");
        db.put(Codec.int32().toBytes(isChanged ? 77 : keys), b("changed"));
        if (isChanged) {
          assertThrows(ConflictException.class, tx::commit);
        } else {
          tx.commit();
        }
      }
    }
  }

  @Test
  void underSnapshotTheFirstToCommitWinsEvenBlindly() {
    try (Transaction one = db.begin(SNAPSHOT);
        Transaction two = db.begin(SNAPSHOT)) {
      set(one, "a", "one");
      two.deleteRange(Range.closedOpen(b("a"), b("b")));
      one.commit();
      assertThrows(ConflictException.class, two::commit);
    }
    try (Transaction one = db.begin(SERIALIZABLE);
        Transaction two = db.begin(SERIALIZABLE)) {
      set(one, "a", "one");
      set(two, "a", "two");
      one.commit();
      two.commit(); // one after the other
    }
    assertEquals("two", get(db, "a"));
  }

  // ---- locks

  @Test
  void whoNeedsALockedKeyWaitsAndSeesTheNewest() throws Exception {
    Transaction first = db.begin(PESSIMISTIC);
    set(first, "a", get(first, "a") + "first");
    Transaction second = db.begin(PESSIMISTIC);
    assertEquals("3", get(second, "c")); // as of now
    var waits =
        onThread(() -> {
          set(second, "a", get(second, "a") + "second");
          second.commit();
          return null;
        });
    first.commit();
    waits.get(1, TimeUnit.MINUTES);
    assertEquals("1firstsecond", get(db, "a"));
  }

  @Test
  void locksTakeABoundedPartOfTheMemory() {
    var options = RandomOptions.SMALL.withMemoryLimitBytes(64 << 20);
    try (Db small = AtlasKv.open(directory.resolve("small"), options)) {
      try (Transaction many = small.begin(PESSIMISTIC)) {
        int[] locks = {0};
        var refused =
            assertThrows(
                LockLimitException.class,
                () -> {
                  while (true) {
                    many.getForUpdate(b("key" + locks[0]));
                    locks[0]++;
                  }
                });
        assertEquals(8 << 20, refused.limit());
        assertThat(locks[0]).isBetween(20_000, 32_768);
        many.getForUpdate(b("key0")); // had already
        assertNull(many.get(b("more"))); // checked at the commit
        small.put(b("more"), b("x"));
        many.put(b("key0"), b("x"));
        assertThrows(ConflictException.class, many::commit);
      }
      small.transact(PESSIMISTIC, again -> again.put(b("more"), b("y")));
    }
  }

  @Test
  void aLockThatIsNotToBeHadInTimeIsTold() {
    try (Transaction first = db.begin(NO_WAIT);
        Transaction second = db.begin(NO_WAIT)) {
      get(first, "a");
      get(second, "a"); // shared
      var e = assertThrows(LockTimeoutException.class, () -> set(first, "a", "x"));
      assertThat(e).hasMessageEndingWith(" waited 0 ms for key a, which another holds");
      second.rollback();
      set(first, "a", "x"); // it goes on
      first.commit();
    }
    assertEquals("x", get(db, "a"));
  }

  @Test
  void aDeadlockEndsTheYoungestOnly() throws Exception {
    Transaction one = db.begin(PESSIMISTIC);
    Transaction two = db.begin(PESSIMISTIC);
    set(one, "a", "one");
    set(two, "c", "two");
    var older =
        onThread(() -> {
          set(one, "c", "one");
          one.commit();
          return null;
        });
    var e = assertThrows(DeadlockException.class, () -> set(two, "a", "two"));
    assertThat(e).hasMessageEndingWith(" waited for key a, others for it");
    assertThrows(ClosedException.class, () -> get(two, "a")); // it has been rolled back
    older.get(1, TimeUnit.MINUTES);
    assertEquals("aone cone e5", all(db));
  }

  @Test
  void aRingOfThreeGetsThroughByItself() throws Exception {
    String[] keys = {"a", "c", "e"};
    var begun = new CyclicBarrier(keys.length);
    var tries = new AtomicInteger();
    var results = new ArrayList<FutureTask<Void>>();
    for (int i = 0; i < keys.length; i++) {
      int own = i;
      results.add(
          onThread(() -> {
            var isFirst = new boolean[] {true};
            db.transact(
                PESSIMISTIC,
                tx -> {
                  tries.incrementAndGet();
                  set(tx, keys[own], get(tx, keys[own]) + own);
                  if (isFirst[0]) {
                    isFirst[0] = false;
                    meet(begun);
                  }
                  String next = keys[(own + 1) % keys.length];
                  set(tx, next, get(tx, next) + own);
                });
            return null;
          }));
    }
    for (FutureTask<Void> result : results) {
      result.get(1, TimeUnit.MINUTES);
    }
    assertThat(tries.get()).isGreaterThan(keys.length);
    for (String key : keys) {
      assertThat(get(db, key)).hasSize(3); // its own, and one of each of two
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void writesThatTakeNoLocksAreFoundByTheCommit() {
    try (Transaction tx = db.begin(PESSIMISTIC)) {
      set(tx, "x", get(tx, "a"));
      set(db, "a", "2");
      assertThrows(ConflictException.class, tx::commit);
    }
  }

  @Test
  void pessimisticSnapshotsMayHaveToGiveUpAtTheLock() {
    TransactionOptions options = SNAPSHOT.withLocking(Locking.PESSIMISTIC);
    try (Transaction tx = db.begin(options)) {
      assertEquals("3", get(tx, "c"));
      set(db, "a", "2");
      assertThrows(ConflictException.class, () -> set(tx, "a", "x"));
      assertThrows(ClosedException.class, tx::commit);
    }
    try (Transaction tx = db.begin(options)) {
      assertThat(tx.getForUpdate(b("a"))).isEqualTo(b("2")); // locked before it has read
      tx.commit();
    }
  }
}
