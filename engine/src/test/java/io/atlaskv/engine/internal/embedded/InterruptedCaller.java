package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Change;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.RandomOptions;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One thread's calls, on keys of its own and a sum that all add to, and what it has been told is
/// written.
final class InterruptedCaller {
  /// Where it writes; the first is the default namespace.
  static final List<String> NAMESPACES = List.of("default", "n0", "n1", "loaded");

  private static final String SUMS = "sums";
  private static final int ALL = 0; // key of the sum that all add to
  private static final int KEYS = 300;
  private static final int FIRST_ROUND = 40; // the cases of `call`
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final TransactionOptions UNTIL_DONE =
      TransactionOptions.DEFAULT.withTriesMax(TransactionOptions.TRIES_LIMIT);

  /// A checkpoint, or a repository of backups, and what was acknowledged when the last was made.
  record Copy(Path directory, Map<String, Map<String, String>> acknowledged) {}

  private final Db db;
  private final int number;
  private final Random random;
  private final Path directory;
  private final Map<String, Map<String, String>> acknowledged = new HashMap<>();
  private final Map<String, Integer> calls = new TreeMap<>();
  private int steps;
  private int added;
  private int opens;
  private @Nullable Copy lastCheckpoint;
  private @Nullable Copy lastBackup;

  /// @param directory for what it makes beside the store
  InterruptedCaller(Db db, int number, long seed, Path directory) {
    this.db = db;
    this.number = number;
    this.random = new Random(seed);
    this.directory = directory;
    NAMESPACES.forEach(name -> acknowledged.put(name, new TreeMap<>()));
  }

  int number() {
    return number;
  }

  int steps() {
    return steps;
  }

  /// How often it made which call.
  Map<String, Integer> calls() {
    return calls;
  }

  /// What it has added to the sum of all.
  int added() {
    return added;
  }

  static int total(Db db) {
    Integer total = db.namespace(SUMS).get(Codec.int32().toBytes(ALL), Codec.int32());
    return total == null ? 0 : total;
  }

  Map<String, String> acknowledged(String namespace) {
    return acknowledged.get(namespace);
  }

  Optional<Copy> lastCheckpoint() {
    return Optional.ofNullable(lastCheckpoint);
  }

  Optional<Copy> lastBackup() {
    return Optional.ofNullable(lastBackup);
  }

  private Map<String, Map<String, String>> acknowledgedByNow() {
    var copy = new HashMap<String, Map<String, String>>();
    acknowledged.forEach((name, entries) -> copy.put(name, new TreeMap<>(entries)));
    return copy;
  }

  // ---- keys

  private byte[] key(int at) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(number).putInt(at).array();
  }

  private byte[] anyKey() {
    return key(random.nextInt(KEYS));
  }

  /// Bytes as the maps of what was acknowledged have them; ordered as the bytes are.
  static String text(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /// Whether a key is one that it writes.
  boolean isOwn(String key) {
    return key.startsWith(text(prefix()));
  }

  private byte[] prefix() {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private byte[] value() {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(number).putInt(steps).array();
  }

  private void wrote(String namespace, byte[] key, byte @Nullable [] value) {
    Map<String, String> entries = acknowledged.get(namespace);
    if (value == null) {
      entries.remove(text(key));
    } else {
      entries.put(text(key), text(value));
    }
  }

  private void requireRead(KeyValueReader reader, String namespace, byte[] key) {
    byte[] found = reader.get(key);
    assertEquals(acknowledged.get(namespace).get(text(key)), found == null ? null : text(found));
  }

  // ---- calls

  /// Whether it has not yet made each call.
  boolean isFirstRound() {
    return steps < FIRST_ROUND;
  }

  void step() {
    String call = call();
    calls.merge(call, 1, Integer::sum);
    steps++;
  }

  /// Makes any call; returns its name.
  private String call() {
    String namespace = NAMESPACES.get(random.nextInt(3));
    KeyValueStore store = db.namespace(namespace);
    byte[] key = anyKey();
    byte[] value = value();
    return switch (isFirstRound() ? steps : random.nextInt(100)) {
      case 0, 1 -> {
        store.put(key, value, Durability.ALWAYS);
        wrote(namespace, key, value);
        yield "put, synced";
      }
      case 2 -> {
        db.flush();
        yield "flush";
      }
      case 3 -> {
        db.sync();
        yield "sync";
      }
      case 4 -> seldom(8, "verify", db::verify);
      case 5 -> seldom(5, "compact", db::compact);
      case 6 -> seldom(5, "checkpoint", this::checkpoint);
      case 7 -> seldom(5, "backup", this::backup);
      case 8 -> seldom(4, "open another", this::openAnother);
      case 9 -> seldom(4, "bulk load", this::bulkLoad);
      case 10 -> {
        followChanges(key, value);
        yield "change feed";
      }
      case 11, 12 -> {
        readThePast(key, value);
        yield "snapshotAt";
      }
      case 13 -> {
        store.deleteRange(Range.closedOpen(key, key(KEYS / 2)));
        String from = text(key);
        String to = text(key(KEYS / 2));
        acknowledged
            .get(namespace)
            .keySet()
            .removeIf(had -> had.compareTo(from) >= 0 && had.compareTo(to) < 0);
        yield "deleteRange";
      }
      case 14, 15, 16 -> {
        store.async().put(key, value).join();
        wrote(namespace, key, value);
        byte[] found = store.async().get(key).join();
        assertThat(found).isEqualTo(value);
        yield "async";
      }
      case 17, 18, 19, 20 -> {
        add();
        yield "transaction";
      }
      case 21, 22, 23 -> {
        move(namespace, key, value);
        yield "transaction of two keys";
      }
      case 24, 25 -> {
        int merged =
            db.namespace(SUMS)
                .asMap(Codec.int32(), Codec.int32())
                .merge(1 + number, 1, Integer::sum);
        assertThat(merged).isPositive();
        yield "merge";
      }
      case 26, 27, 28 -> {
        scan(namespace);
        yield "scan";
      }
      case 29, 30, 31 -> {
        try (Arena arena = Arena.ofConfined()) {
          store.put(key, value);
          wrote(namespace, key, value);
          assertEquals(value.length, store.get(key, arena.allocate(value.length)));
        }
        yield "get into a segment";
      }
      case 32, 33, 34, 35 -> {
        byte[] other = anyKey();
        db.write(new WriteBatch().put(store, key, value).put(other, value).delete(anyOther(other)));
        wrote(namespace, key, value);
        wrote("default", other, value);
        wrote("default", anyOther(other), null);
        yield "batch";
      }
      case 36, 37, 38, 39 -> {
        store.delete(key);
        wrote(namespace, key, null);
        yield "delete";
      }
      default -> {
        store.put(key, value);
        wrote(namespace, key, value);
        requireRead(store, namespace, anyKey());
        yield "put and get";
      }
    };
  }

  private String seldom(int oneOf, String name, Runnable call) {
    if (!isFirstRound() && random.nextInt(oneOf) > 0) {
      return "none";
    }
    call.run();
    return name;
  }

  /// The key after it, which is another one.
  private byte[] anyOther(byte[] key) {
    return key(ByteBuffer.wrap(key).getInt(Integer.BYTES) + 1);
  }

  private void scan(String namespace) {
    Map<String, String> own = acknowledged.get(namespace);
    int found = 0;
    try (Cursor cursor = db.namespace(namespace).range(Range.prefix(prefix())).open()) {
      for (; cursor.isValid(); cursor.next()) {
        assertEquals(own.get(text(cursor.key())), text(cursor.value()));
        found++;
      }
    }
    assertEquals(own.size(), found);
  }

  private void add() {
    boolean waits = random.nextBoolean();
    var options =
        waits ? UNTIL_DONE.withLocking(Locking.PESSIMISTIC).withLockTimeout(LONG) : UNTIL_DONE;
    byte[] key = Codec.int32().toBytes(ALL);
    KeyValueStore sums = db.namespace(SUMS);
    db.transact(
        options,
        tx -> {
          byte[] now = waits ? tx.of(sums).getForUpdate(key) : tx.of(sums).get(key);
          int before = now == null ? 0 : Codec.int32().fromBytes(now);
          tx.of(sums).put(key, Codec.int32().toBytes(before + 1));
        });
    added++;
  }

  /// Nobody else writes these keys, so there is no conflict.
  private void move(String namespace, byte[] key, byte[] value) {
    KeyValueStore store = db.namespace(namespace);
    byte[] other = anyOther(key);
    try (Transaction transaction = db.begin(UNTIL_DONE)) {
      requireRead(transaction.of(store), namespace, key);
      Transaction.Savepoint before = transaction.savepoint();
      transaction.of(store).put(other, prefix());
      transaction.rollbackTo(before);
      transaction.of(store).put(key, value);
      transaction.of(store).delete(other);
      if (random.nextInt(4) == 0) {
        transaction.rollback();
        return;
      }
      transaction.commit();
    }
    wrote(namespace, key, value);
    wrote(namespace, other, null);
  }

  private void followChanges(byte[] key, byte[] value) {
    var own = new Change.Put("default", Bytes.of(key), Bytes.of(value));
    long from = db.statistics().lastSequence() + 1;
    try (ChangeFeed feed = db.changes(from, ChangeFeed.Delivery.WRITTEN)) {
      db.put(key, value);
      wrote("default", key, value);
      ChangeBatch batch;
      do {
        batch = feed.poll(LONG);
        assertNotNull(batch, "nothing came for a minute");
      } while (!batch.changes().contains(own));
    }
  }

  private void readThePast(byte[] key, byte[] value) {
    db.put(key, value);
    wrote("default", key, value);
    long then = db.statistics().lastSequence();
    byte[] newer = prefix();
    db.put(key, newer);
    wrote("default", key, newer);
    try (Snapshot past = db.snapshotAt(then)) {
      assertThat(past.get(key)).isEqualTo(value);
    }
    try (Snapshot now = db.snapshot()) {
      requireRead(now, "default", key);
    }
  }

  private void bulkLoad() {
    KeyValueStore target = db.namespace("loaded");
    byte[] value = value();
    int first = random.nextInt(KEYS);
    int count = 1 + random.nextInt(50);
    try (BulkLoad load = target.bulkLoad()) {
      for (int i = 0; i < count; i++) {
        load.put(key(first + i), value);
      }
      if (random.nextInt(4) == 0) {
        return; // given up
      }
      assertEquals(count, load.commit());
    }
    for (int i = 0; i < count; i++) {
      wrote("loaded", key(first + i), value);
    }
    requireRead(target, "loaded", key(first));
  }

  private void checkpoint() {
    Path target = directory.resolve("checkpoint" + steps);
    db.checkpoint(target);
    lastCheckpoint = new Copy(target, acknowledgedByNow());
  }

  private void backup() {
    Path repository = directory.resolve("backups");
    db.backup(repository);
    lastBackup = new Copy(repository, acknowledgedByNow());
  }

  /// A store of its own, which keeps one entry of each life.
  private void openAnother() {
    Options options = RandomOptions.SMALL.withMemtableEntriesMax(20);
    try (Db other = AtlasKv.open(directory.resolve("another"), options)) {
      assertTrue(other.recoveryReport().wasCleanShutdown());
      assertEquals(opens, other.range(Range.all()).stream().count());
      other.put(key(opens), value());
      opens++;
    }
  }
}
