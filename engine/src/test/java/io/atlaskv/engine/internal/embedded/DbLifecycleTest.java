package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.AsyncStore;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.RandomOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The end of a store, and calls that come after it or during it.
class DbLifecycleTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int CLOSES = Integer.getInteger("atlaskv.lifecycle.closes", 12);
  private static final int THREADS = 8;
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Options OPTIONS = RandomOptions.SMALL.withMemtableEntriesMax(200);

  /// Methods that answer from the object itself and read nothing of the store. What `of` and
  /// `range` give is called too.
  private static final Set<String> PURE =
      Set.of("name", "sequence", "reverse", "limit", "range", "of", "nextSequence");

  /// Methods of maps and sets that read nothing: they answer with other views, compare, or add to a
  /// set that refuses all.
  private static final Set<String> OF_VIEWS =
      Set.of(
          "comparator",
          "equals",
          "subMap",
          "headMap",
          "tailMap",
          "descendingMap",
          "keySet",
          "navigableKeySet",
          "descendingKeySet",
          "entrySet",
          "values",
          "sequencedKeySet",
          "sequencedEntrySet",
          "sequencedValues",
          "reversed",
          "putFirst",
          "putLast");

  @TempDir private Path directory;

  // ---- after close

  @Test
  void everyMethodAfterCloseThrows() throws Exception {
    Db db = AtlasKv.open(directory, OPTIONS);
    db.put(key(1), key(1));
    KeyValueStore namespace = db.namespace("one");
    Snapshot snapshot = db.snapshot();
    Cursor cursor = db.range(Range.all()).open();
    KeyValueReader inSnapshot = snapshot.of(namespace);
    RangeQuery query = db.range(Range.all());
    RangeQuery ofSnapshot = snapshot.range(Range.all());
    Transaction transaction = db.begin(TransactionOptions.DEFAULT);
    Transaction.Savepoint savepoint = transaction.savepoint();
    TransactionStore inTransaction = transaction.of(namespace);
    RangeQuery ofTransaction = transaction.range(Range.all());
    Cursor transactionCursor = ofTransaction.open();
    ChangeFeed changes = db.changes(1, ChangeFeed.Delivery.WRITTEN);
    BulkLoad load = namespace.bulkLoad();
    AsyncStore async = namespace.async();
    var map = namespace.asMap(Codec.bytes(), Codec.bytes());
    var part = map.tailMap(Bytes.of(key(2))); // what is asked below lies outside
    Secondary secondary = AtlasKv.openSecondary(directory, OPTIONS);
    Db moment = secondary.db();
    secondary.close();
    db.close();
    int calls = 0;
    calls += callAll(Db.class, db);
    calls += callAll(KeyValueStore.class, namespace);
    calls += callAll(Snapshot.class, snapshot, namespace);
    calls += callAll(KeyValueReader.class, inSnapshot);
    calls += callAll(Cursor.class, cursor);
    calls += callAll(RangeQuery.class, query);
    calls += callAll(RangeQuery.class, ofSnapshot);
    calls += callAll(Transaction.class, transaction, namespace, savepoint);
    calls += callAll(TransactionStore.class, inTransaction);
    calls += callAll(RangeQuery.class, ofTransaction);
    calls += callAll(Cursor.class, transactionCursor);
    calls += callAll(ChangeFeed.class, changes);
    calls += callAll(BulkLoad.class, load);
    calls += callAll(AsyncStore.class, async);
    calls += callAll(ConcurrentNavigableMap.class, map);
    calls += callAll(Secondary.class, secondary);
    calls += callAll(Db.class, moment);
    assertThrows(ClosedException.class, () -> part.get(Bytes.of(key(1))));
    assertThrows(ClosedException.class, () -> part.remove(Bytes.of(key(1))));
    assertThrows(ClosedException.class, () -> part.remove(Bytes.of(key(1)), Bytes.EMPTY));
    System.out.println("DbLifecycleTest: " + calls + " calls after close");
    db.close();
    snapshot.close();
    cursor.close();
    transaction.close();
    transactionCursor.close();
  }

  @Test
  void everyMethodOfAClosedCursorAndSnapshotThrows() throws Exception {
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      db.put(key(1), key(1));
      Snapshot snapshot = db.snapshot();
      Cursor cursor = snapshot.range(Range.all()).open();
      KeyValueStore namespace = db.namespace("one");
      KeyValueReader inSnapshot = snapshot.of(namespace);
      snapshot.close();
      snapshot.close();
      callAll(Snapshot.class, snapshot, namespace);
      callAll(KeyValueReader.class, inSnapshot);
      cursor.close();
      cursor.close();
      callAll(Cursor.class, cursor);
      assertArrayEquals(key(1), db.get(key(1)));
    }
  }

  private static int callAll(Class<?> api, Object target, Object... further)
      throws IllegalAccessException {
    int calls = 0;
    for (Method method : api.getMethods()) {
      boolean isAsked =
          !Modifier.isStatic(method.getModifiers())
              && !method.getName().equals("close")
              && !PURE.contains(method.getName())
              && !(target instanceof Map<?, ?> && OF_VIEWS.contains(method.getName()));
      if (isAsked) {
        callOne(target, method, further);
        calls++;
      }
    }
    assertThat(calls).isPositive();
    return calls;
  }

  private static void callOne(Object target, Method method, Object... further)
      throws IllegalAccessException {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(method.getParameterTypes()[i], further);
    }
    try {
      Object answer = method.invoke(target, arguments);
      if (answer instanceof CompletableFuture<?> future && future.isCompletedExceptionally()) {
        requireClosed(method, future.exceptionNow());
        return;
      }
      throw new AssertionError(method + " answered " + answer + " after close");
    } catch (InvocationTargetException e) {
      requireClosed(method, e.getCause());
    }
  }

  private static void requireClosed(Method method, Throwable e) {
    assertInstanceOf(ClosedException.class, e, () -> method + ": " + e);
    assertThat(e.getMessage().split(" is closed", -1)).as(e.getMessage()).hasSize(2);
  }

  private static Object argument(Class<?> type, Object... further) {
    Map<Class<?>, Object> arguments =
        Map.ofEntries(
            Map.entry(byte[].class, key(1)),
            Map.entry(ByteBuffer.class, ByteBuffer.allocate(4)),
            Map.entry(List.class, List.of(key(1))),
            Map.entry(MemorySegment.class, MemorySegment.ofArray(new byte[4])),
            Map.entry(String.class, "name"),
            Map.entry(Path.class, Path.of("never-made")),
            Map.entry(Durability.class, Durability.ALWAYS),
            Map.entry(Range.class, Range.all()),
            Map.entry(NamespaceOptions.class, NamespaceOptions.DEFAULT),
            Map.entry(WriteBatch.class, new WriteBatch().put(key(1), key(2))),
            Map.entry(Codec.class, Codec.bytes()),
            Map.entry(OrderedCodec.class, Codec.bytes()),
            Map.entry(KeyValueStore.Change.class, (KeyValueStore.Change) old -> old),
            Map.entry(Expiry.class, Expiry.after(Duration.ofSeconds(1))),
            Map.entry(TransactionOptions.class, TransactionOptions.DEFAULT),
            Map.entry(long.class, 1L),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(ChangeFeed.Delivery.class, ChangeFeed.Delivery.DURABLE),
            Map.entry(Duration.class, Duration.ofNanos(1)),
            Map.entry(boolean.class, true),
            Map.entry(Object.class, Bytes.of(key(1))),
            Map.entry(Map.class, Map.of(Bytes.of(key(1)), Bytes.of(key(1)))),
            Map.entry(BiConsumer.class, (BiConsumer<Object, Object>) (_, _) -> {}),
            Map.entry(BiFunction.class, (BiFunction<Object, Object, Object>) (_, same) -> same),
            Map.entry(Function.class, (Function<Object, Object>) same -> same),
            Map.entry(Consumer.class, (Consumer<Object>) _ -> {}));
    for (Object candidate : further) {
      if (type.isInstance(candidate)) {
        return candidate;
      }
    }
    Object argument = arguments.get(type);
    if (argument == null) {
      throw new AssertionError("a method takes a " + type + ": say above what to pass");
    }
    return argument;
  }

  @Test
  void aCursorOutlivesItsSnapshot() {
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      db.put(key(1), key(1));
      db.put(key(2), key(2));
      Snapshot snapshot = db.snapshot();
      try (Cursor cursor = snapshot.range(Range.all()).open()) {
        snapshot.close();
        for (int i = 0; i < 5; i++) {
          db.put(key(1), key(10 + i));
          db.delete(key(2));
        }
        cursor.seekToFirst();
        assertThat(cursor.value()).isEqualTo(key(1));
        cursor.next();
        assertThat(cursor.value()).isEqualTo(key(2));
        assertThat(db.statistics().openSnapshots()).isEqualTo(1);
      }
      assertThat(db.statistics().openSnapshots()).isZero();
    }
  }

  // ---- close races

  @Test
  void closeRacesWithEightThreads() throws Exception {
    var random = new Random(SEED);
    for (int round = 0; round < CLOSES; round++) {
      closeRace(directory.resolve("round" + round), random);
    }
    System.out.println("DbLifecycleTest: " + CLOSES + " closes raced, seed " + SEED);
  }

  private static void closeRace(Path directory, Random random) throws Exception {
    var acknowledged = new ConcurrentHashMap<Integer, Integer>();
    var surprises = new ConcurrentLinkedQueue<Throwable>();
    Db db = AtlasKv.open(directory, OPTIONS);
    var begun = new CountDownLatch(THREADS);
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        var own = new Random(random.nextLong());
        threads.execute(() -> {
          begun.countDown();
          try {
            for (int step = 0; ; step++) {
              use(db, own, thread, step);
              acknowledged.put(thread, step);
            }
          } catch (ClosedException e) {
            assertNotNull(e.getMessage());
          } catch (Throwable e) {
            surprises.add(e);
          }
        });
      }
      begun.await();
      LockSupport.parkNanos(random.nextInt(150_000_000));
      db.close();
    }
    for (Throwable surprise : surprises) {
      throw new AssertionError("seed " + SEED, surprise);
    }
    try (Db again = AtlasKv.open(directory, OPTIONS)) {
      assertTrue(again.recoveryReport().wasCleanShutdown());
      acknowledged.forEach((thread, step) -> {
        byte[] found = again.get(key(thread));
        assertNotNull(found);
        assertThat(ByteBuffer.wrap(found).getInt()).isGreaterThanOrEqualTo(step);
      });
    }
  }

  /// Writes `step` to the thread's own key, then does something else.
  private static void use(Db db, Random random, int thread, int step) {
    db.put(key(thread), key(step));
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        try (Cursor cursor = db.range(Range.all()).open()) {
          for (int i = 0; i < 20 && cursor.isValid(); i++) {
            assertThat(cursor.key()).hasSize(Integer.BYTES);
            assertThat(cursor.value()).hasSize(Integer.BYTES);
            cursor.next();
          }
        }
      }
      case 2 -> {
        try (Snapshot snapshot = db.snapshot()) {
          assertNotNull(snapshot.get(key(thread)));
        }
      }
      case 3 -> db.write(new WriteBatch().put(key(100 + thread), key(1)).delete(key(200)));
      case 4 -> {
        if (random.nextInt(50) == 0) {
          db.flush();
        }
      }
      case 5 -> {
        Cursor leaked = db.range(Range.all()).open();
        assertThat(leaked.isValid()).isTrue();
        if (random.nextInt(10) > 0) {
          leaked.close();
        }
      }
      default -> assertArrayEquals(key(step), db.get(key(thread)));
    }
  }

  /// However a value in a table is read: it stays where it is until the reader has decoded it, even
  /// if the store has been closed to the end meanwhile.
  @Test
  void aValueInATableIsThereForWhoeverReadsItDuringAClose() {
    var reads = new ArrayList<BiFunction<Db, Codec<String>, @Nullable String>>();
    reads.add((db, codec) -> db.get(key(1), codec));
    reads.add((db, codec) -> db.async().get(key(1), codec).join());
    reads.add((db, codec) -> db.snapshot().get(key(1), codec));
    reads.add((db, codec) -> db.begin(TransactionOptions.DEFAULT).of(db).get(key(1), codec));
    reads.add((db, codec) -> db.range(Range.all()).open().value(codec));
    for (int i = 0; i < reads.size(); i++) {
      Db db = AtlasKv.open(directory.resolve("read" + i), OPTIONS);
      db.put(key(1), Codec.utf8().toBytes("a value"), Expiry.after(Duration.ofDays(1)));
      db.flush();
      assertThat(db.get(key(1), Codec.utf8())).isEqualTo("a value"); // its block is cached
      Codec<String> slow =
          Codec.of(
              Codec.utf8()::encode,
              in -> {
                closeBeside(db);
                return Codec.utf8().decode(in);
              });
      assertThat(reads.get(i).apply(db, slow)).as("read " + i).isEqualTo("a value");
    }
  }

  private static void closeBeside(Db db) {
    try {
      Thread.ofPlatform().start(db::close).join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- one opener, leaks

  @Test
  void secondOpenerIsToldAtOnce() {
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      db.put(key(1), key(1));
      var refusal = // it does not wait, nor would that help
          assertTimeoutPreemptively(
              Duration.ofMinutes(1),
              () -> assertThrows(StorageException.class, () -> AtlasKv.open(directory, OPTIONS)));
      assertThat(refusal).hasMessageContaining("in use").hasMessageContaining(directory.toString());
      db.put(key(2), key(2));
    }
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      assertArrayEquals(key(2), db.get(key(2)));
    }
  }

  /// A cursor and a snapshot that nobody closed do not keep files: what they held is deleted.
  @Test
  void closeReleasesWhatWasLeaked() {
    for (int life = 0; life < 3; life++) {
      Db db = AtlasKv.open(directory, OPTIONS);
      for (int i = 0; i < 300; i++) {
        db.put(key(i), key(life));
      }
      db.flush();
      var leaked = new ArrayList<AutoCloseable>();
      leaked.add(db.snapshot());
      leaked.add(db.range(Range.all()).open());
      assertEquals(2, db.statistics().openSnapshots());
      db.compact();
      db.close();
      assertThat(leaked).hasSize(2);
    }
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      assertEquals(0, db.statistics().openSnapshots());
      db.compact();
      try (Cursor cursor = db.range(Range.all()).open()) {
        int entries = 0;
        for (; cursor.isValid(); cursor.next()) {
          entries++;
        }
        assertEquals(300, entries);
      }
    }
    List<String> tables = tables();
    assertThat(tables).hasSizeLessThanOrEqualTo(1);
  }

  /// Jobs that are cut off in the middle, and tables whose deletion is under way, hold files open.
  @Test
  void closeDuringBackgroundWorkLetsGoOfEveryFile() throws IOException {
    assumeTrue(Files.isDirectory(OPEN_FILES), "needs /proc to see what is open");
    int interrupted = 0;
    for (int life = 0; life < CLOSES; life++) {
      Db db = AtlasKv.open(directory, OPTIONS);
      for (int i = 0; i < 3_000; i++) {
        db.put(key(i), key(life));
      }
      var statistics = db.statistics();
      interrupted += statistics.isFlushRunning() || statistics.isCompactionRunning() ? 1 : 0;
      db.close();
      assertThat(openFiles()).isEmpty();
    }
    System.out.println("DbLifecycleTest: " + interrupted + " closes during background work");
    assertThat(interrupted).isPositive();
  }

  /// Names of the store's files that this process has open.
  private List<String> openFiles() throws IOException {
    var names = new ArrayList<String>();
    try (Stream<Path> numbers = Files.list(OPEN_FILES)) {
      for (Path number : numbers.toList()) {
        try {
          Path file = Files.readSymbolicLink(number);
          if (file.startsWith(directory)) {
            names.add(file.toString());
          }
        } catch (NoSuchFileException _) {
          // closed since it was listed
        }
      }
    }
    return names;
  }

  private List<String> tables() {
    String[] names = directory.toFile().list((_, name) -> name.endsWith(".sst"));
    return names == null ? List.of() : List.of(names);
  }

  // ---- handles

  @Test
  void handleOfADroppedNamespaceIsRefused() {
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      KeyValueStore dropped = db.namespace("one");
      dropped.put(key(1), key(1));
      assertTrue(db.dropNamespace("one"));
      assertThrows(IllegalStateException.class, () -> dropped.put(key(1), key(1)));
      assertThrows(IllegalStateException.class, () -> dropped.get(key(1)));
      assertThat(db.namespace("one").get(key(1))).isNull();
      assertThrows(IllegalArgumentException.class, () -> db.dropNamespace("default"));
    }
  }

  @Test
  void handleOfAnotherStoreIsRefused() {
    try (Db db = AtlasKv.open(directory.resolve("a"), OPTIONS);
        Db other = AtlasKv.open(directory.resolve("b"), OPTIONS);
        Snapshot snapshot = db.snapshot()) {
      KeyValueStore foreign = other.namespace("one");
      var batch = new WriteBatch().put(foreign, key(1), key(1));
      assertThrows(IllegalArgumentException.class, () -> db.write(batch));
      assertThrows(IllegalArgumentException.class, () -> snapshot.of(foreign));
    }
  }

  @Test
  void keysAndValuesBeyondTheLimitsAreRefused() {
    try (Db db = AtlasKv.open(directory, OPTIONS)) {
      byte[] longest = new byte[KeyValueStore.KEY_BYTES_MAX];
      byte[] tooLong = new byte[KeyValueStore.KEY_BYTES_MAX + 1];
      db.put(longest, key(1));
      assertArrayEquals(key(1), db.get(longest));
      assertThrows(IllegalArgumentException.class, () -> db.put(tooLong, key(1)));
      assertThrows(IllegalArgumentException.class, () -> db.get(tooLong));
      assertThrows(IllegalArgumentException.class, () -> db.delete(tooLong));
      byte[] tooLarge = new byte[16 << 20];
      var refusal = assertThrows(IllegalArgumentException.class, () -> db.put(key(1), tooLarge));
      assertThat(refusal).hasMessageContaining("limit");
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
