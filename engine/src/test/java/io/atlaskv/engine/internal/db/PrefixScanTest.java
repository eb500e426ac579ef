package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scans of prefixes under `NamespaceOptions.prefixBytes`: what they read, and that they find all.
class PrefixScanTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.model.histories", 8);
  private static final int TABLES = 8;

  /// Tables stay as they were flushed.
  private static final NamespaceOptions UNMERGED =
      NamespaceOptions.DEFAULT.withCompaction(
          new CompactionStyle.SizeTiered(32, 1, 0, Duration.ZERO));

  private final FaultFileSystem files = FaultFileSystem.create(SEED).withoutHistory();
  private SimStore store = open();

  private SimStore open() {
    return SimStore.open(files, SEED, RandomOptions.SMALL);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    store = open();
  }

  private Db db() {
    return store.db();
  }

  private KeyValueStore namespace(int prefixBytes) {
    return db().namespace("n", UNMERGED.withPrefixBytes(prefixBytes));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> keys(KeyValueReader reader, Range range) {
    try (var entries = reader.range(range).stream()) {
      return entries.map(PrefixScanTest::key).toList();
    }
  }

  private static List<String> keysDown(KeyValueReader reader, Range range) {
    try (var entries = reader.range(range).reverse().stream()) {
      return entries.map(PrefixScanTest::key).toList();
    }
  }

  private static String key(Entry entry) {
    return entry.key().toUtf8();
  }

  /// Tables that overlap: each has every eighth user, from the first to the last.
  private void fill(KeyValueStore namespace, int tables) {
    var random = new SplittableRandom(SEED);
    for (int table = 0; table < tables; table++) {
      for (int user = table; user < 800; user += TABLES) {
        for (int i = 0; i < 3; i++) {
          byte[] value = new byte[300];
          random.nextBytes(value); // does not compress
          namespace.put(bytes("user%04d/%d".formatted(2 * user, i)), value);
        }
      }
      db().flush();
    }
  }

  /// Blocks looked for by scans of users that are not there.
  private long blocksOfAbsentUsers(KeyValueStore namespace) {
    Statistics before = db().statistics();
    for (int user = 1; user < 800; user += 2) {
      Range range = Range.prefix("user%04d/".formatted(user));
      assertThat(keys(namespace, range)).isEmpty();
      assertThat(keysDown(namespace, range)).isEmpty();
    }
    Statistics after = db().statistics();
    return after.blockCacheHits()
        + after.blockCacheMisses()
        - before.blockCacheHits()
        - before.blockCacheMisses();
  }

  @Test
  void tablesWithoutThePrefixAreNotRead() {
    KeyValueStore namespace = namespace("user0000".length());
    fill(namespace, TABLES);
    assertThat(db().namespaceStatistics().get("n").tables()).isEqualTo(TABLES);
    assertThat(db().statistics().prefixFilterAsked()).isZero();
    long blocks = blocksOfAbsentUsers(namespace);
    Statistics after = db().statistics();
    assertThat(after.prefixFilterAsked()).isEqualTo(2 * 400L * TABLES);
    long inVain = after.prefixFilterAsked() - after.prefixFilterSkipped();
    assertThat(inVain).isLessThan(2 * 400L * TABLES / 100);
    assertThat(blocks).as("but for false answers").isLessThanOrEqualTo(2 * inVain);
    assertThat(keys(namespace, Range.prefix("user0002/")))
        .containsExactly("user0002/0", "user0002/1", "user0002/2");
  }

  /// So the test above can fail.
  @Test
  void withoutTheFilterTheyAre() {
    KeyValueStore namespace = namespace(0);
    fill(namespace, TABLES);
    assertThat(blocksOfAbsentUsers(namespace)).isGreaterThanOrEqualTo(2 * 400L * TABLES);
    assertThat(db().statistics().prefixFilterAsked()).isZero();
  }

  @Test
  void aSortedLevelIsPassedOverToo() {
    KeyValueStore namespace =
        db().namespace("n", NamespaceOptions.DEFAULT.withPrefixBytes("user0000".length()));
    fill(namespace, TABLES);
    db().compact();
    assertThat(db().statistics().levels().getLast().tables()).isGreaterThan(1);
    long blocks = blocksOfAbsentUsers(namespace);
    Statistics after = db().statistics();
    assertThat(after.prefixFilterAsked()).isGreaterThanOrEqualTo(2 * 400L);
    assertThat(blocks).isLessThan(20);
  }

  /// What a skipped table deleted as a range stays deleted.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rangeDeletionsOfTablesThatArePassedOverCount(boolean isMerged) {
    KeyValueStore namespace =
        isMerged ? db().namespace("n", NamespaceOptions.DEFAULT.withPrefixBytes(2)) : namespace(2);
    for (String key : List.of("aa1", "aa2", "aa3", "ab1")) {
      namespace.put(bytes(key), bytes("v"));
    }
    db().flush();
    try (Snapshot before = db().snapshot()) {
      namespace.deleteRange(Range.closedOpen(bytes("aa2"), bytes("ab")));
      namespace.put(bytes("zz"), bytes("v")); // a key, but none that begins with aa
      db().flush();
      if (isMerged) {
        db().compact(); // the snapshot keeps all of it
      }
      long skipped = db().statistics().prefixFilterSkipped();
      assertThat(keys(namespace, Range.prefix("aa"))).containsExactly("aa1");
      assertThat(keysDown(namespace, Range.prefix("aa"))).containsExactly("aa1");
      assertThat(keys(before.of(namespace), Range.prefix("aa")))
          .containsExactly("aa1", "aa2", "aa3");
      assertThat(db().statistics().prefixFilterSkipped() > skipped).isEqualTo(!isMerged);
    }
  }

  @Test
  void deletionsOfSingleKeysCount() {
    KeyValueStore namespace = namespace(2);
    namespace.put(bytes("aa1"), bytes("v"));
    db().flush();
    namespace.delete(bytes("aa1"));
    db().flush();
    assertThat(keys(namespace, Range.prefix("aa"))).isEmpty();
  }

  @Test
  void namespacesThatShareTablesHaveTheirOwnLengths() {
    KeyValueStore one = db().namespace("one", NamespaceOptions.DEFAULT.withPrefixBytes(1));
    KeyValueStore none = db().namespace("none", NamespaceOptions.DEFAULT);
    KeyValueStore three = db().namespace("three", NamespaceOptions.DEFAULT.withPrefixBytes(3));
    db().namespace(StoreModel.DEFAULT, NamespaceOptions.DEFAULT.withPrefixBytes(2));
    for (KeyValueStore each : List.of(db(), one, none, three)) {
      for (String key : List.of("", "a", "ab", "abc", "abcd", "b", "bcd1")) {
        each.put(bytes(key), bytes("v"));
      }
    }
    db().flush();
    assertThat(db().statistics().levels().get(0).tables()).isEqualTo(1);
    for (KeyValueStore each : List.of(db(), one, none, three)) {
      assertThat(keys(each, Range.prefix("a"))).containsExactly("a", "ab", "abc", "abcd");
      assertThat(keys(each, Range.prefix("ab"))).containsExactly("ab", "abc", "abcd");
      assertThat(keys(each, Range.prefix("abc"))).containsExactly("abc", "abcd");
      assertThat(keys(each, Range.prefix("abcd"))).containsExactly("abcd");
      assertThat(keys(each, Range.prefix(""))).hasSize(7);
    }
    long skipped = db().statistics().prefixFilterSkipped();
    for (KeyValueStore each : List.of(db(), one, none, three)) {
      assertThat(keys(each, Range.prefix("xyz"))).isEmpty();
    }
    assertThat(db().statistics().prefixFilterSkipped() - skipped).isEqualTo(3);
  }

  @Test
  void aLengthHoldsForTablesWrittenFromThenOn() {
    KeyValueStore namespace = namespace(0);
    namespace.put(bytes("aaa1"), bytes("v"));
    db().flush();
    namespace = namespace(2);
    namespace.put(bytes("aaa2"), bytes("v"));
    db().flush();
    reopen();
    namespace = db().namespace("n");
    assertThat(namespace.options().prefixBytes()).isEqualTo(2);
    namespace.put(bytes("aaa3"), bytes("v"));
    db().flush();
    namespace = namespace(3);
    namespace.put(bytes("aaa4"), bytes("v"));
    db().flush();
    assertThat(keys(namespace, Range.prefix("aaa")))
        .containsExactly("aaa1", "aaa2", "aaa3", "aaa4");
    long asked = db().statistics().prefixFilterAsked();
    assertThat(asked).isEqualTo(3);
    assertThat(keys(namespace, Range.prefix("xx"))).isEmpty();
    assertThat(db().statistics().prefixFilterAsked() - asked)
        .as("the last table has three bytes")
        .isEqualTo(2);
  }

  /// What opening a store sets off may come before anybody asks for its namespaces.
  @Test
  void whatIsFlushedBeforeNamespacesAreOpenedHasTheFilter(@TempDir Path directory) {
    try (Db db = AtlasKv.open(directory)) {
      KeyValueStore namespace = db.namespace("n", UNMERGED.withPrefixBytes(2));
      namespace.put(bytes("aa1"), bytes("v"));
      namespace.put(bytes("ac1"), bytes("v"));
    }
    try (Engine engine = EngineOpener.open(directory, Options.DEFAULT)) {
      engine.flush();
    }
    try (Db db = AtlasKv.open(directory)) {
      assertThat(keys(db.namespace("n"), Range.prefix("ab"))).isEmpty();
      assertThat(db.statistics().prefixFilterSkipped()).isEqualTo(1);
    }
  }

  @Test
  void whatIsLoadedHasTheFilter() {
    KeyValueStore namespace = namespace(2);
    try (BulkLoad load = namespace.bulkLoad()) {
      load.put(bytes("aa1"), bytes("v"));
      load.put(bytes("ac1"), bytes("v"));
      load.commit();
    }
    assertThat(keys(namespace, Range.prefix("aa"))).containsExactly("aa1");
    assertThat(keys(namespace, Range.prefix("ab"))).isEmpty();
    assertThat(db().statistics().prefixFilterSkipped()).isEqualTo(1);
  }

  @Test
  void aTransactionSeesWhatWasWrittenToThePrefixItHasRead() {
    KeyValueStore namespace = namespace(2);
    namespace.put(bytes("aa1"), bytes("v"));
    namespace.put(bytes("bb1"), bytes("v"));
    TransactionOptions options =
        TransactionOptions.DEFAULT.withIsolation(Isolation.SERIALIZABLE).withTriesMax(1);
    assertThatThrownBy(() ->
            db().transact(
                    options,
                    transaction -> {
                      assertThat(keys(transaction.of(namespace), Range.prefix("aa"))).hasSize(1);
                      namespace.put(bytes("aa2"), bytes("v"));
                      db().flush();
                      transaction.of(namespace).put(bytes("cc"), bytes("v"));
                    }))
        .isInstanceOf(ConflictException.class);
    db().transact(
            options,
            transaction -> {
              assertThat(keys(transaction.of(namespace), Range.prefix("aa"))).hasSize(2);
              namespace.put(bytes("a"), bytes("v")); // a table around those that were read
              namespace.put(bytes("bb2"), bytes("v"));
              db().flush();
              transaction.of(namespace).put(bytes("cc"), bytes("v"));
            });
    assertThat(db().statistics().prefixFilterSkipped()).isPositive();
  }

  // ---- random histories

  private static final byte[] LETTERS = {0, 'a', 'b', (byte) 0xfe, (byte) 0xff};
  private static final String[] NAMES = {StoreModel.DEFAULT, "one", "two"};

  /// Few letters, so that prefixes are there and not there, and all carries happen.
  private static Bytes word(SplittableRandom random, int lengthMax) {
    byte[] word = new byte[random.nextInt(lengthMax + 1)];
    for (int i = 0; i < word.length; i++) {
      word[i] = LETTERS[random.nextInt(LETTERS.length)];
    }
    return Bytes.of(word);
  }

  private static Bytes joined(Bytes first, Bytes second) {
    byte[] both = Arrays.copyOf(first.toArray(), first.length() + second.length());
    second.copyTo(both, first.length());
    return Bytes.of(both);
  }

  /// Within a prefix most of the time.
  private static Range range(SplittableRandom random) {
    Bytes prefix = word(random, 4);
    if (random.nextBoolean()) {
      return Range.prefix(prefix.toArray());
    }
    Bytes lower = joined(prefix, word(random, 2));
    Bytes upper = random.nextBoolean() ? joined(prefix, word(random, 2)) : word(random, 5);
    return lower.compareTo(upper) <= 0 ? new Range(lower, upper) : new Range(upper, lower);
  }

  @Test
  void scansFindWhatIsThere() {
    long skipped = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      try {
        skipped += play(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "replay: ./mvnw test -pl engine -am -Dtest=PrefixScanTest#scansFindWhatIsThere"
                + " -Datlaskv.model.histories=1 -Datlaskv.seed="
                + seed,
            e);
      }
    }
    assertThat(skipped).as("tables passed over").isGreaterThan(100L * HISTORIES);
  }

  /// Returns how many tables were passed over.
  private static long play(long seed) {
    var random = new SplittableRandom(seed);
    var own = FaultFileSystem.create(seed).withoutHistory();
    var models = new ArrayList<TreeMap<Bytes, Bytes>>();
    for (int i = 0; i < NAMES.length; i++) {
      models.add(new TreeMap<>());
    }
    long skipped = 0;
    SimStore played = SimStore.open(own, seed, RandomOptions.of(seed));
    try {
      for (int step = 0; step < 1_500; step++) {
        int which = random.nextInt(NAMES.length);
        KeyValueStore namespace = played.db().namespace(NAMES[which]);
        TreeMap<Bytes, Bytes> model = models.get(which);
        int draw = random.nextInt(100);
        if (draw < 40) {
          Bytes key = word(random, 6);
          Bytes value = Bytes.ofUtf8("value" + step);
          namespace.put(key.toArray(), value.toArray());
          model.put(key, value);
        } else if (draw < 48) {
          Bytes key = word(random, 6);
          namespace.delete(key.toArray());
          model.remove(key);
        } else if (draw < 51) {
          Range range = range(random);
          namespace.deleteRange(range);
          part(model, range).clear();
        } else if (draw < 58) {
          played.db().flush();
        } else if (draw < 59) {
          played.db().compact();
        } else if (draw < 62) {
          played
              .db()
              .namespace(
                  NAMES[which],
                  namespace
                      .options()
                      .withPrefixBytes(RandomOptions.prefixBytes(random))
                      .withCompaction(RandomOptions.style(random)));
        } else if (draw < 63) {
          skipped += played.db().statistics().prefixFilterSkipped();
          if (random.nextBoolean()) {
            played.close();
          } else {
            played.db().sync();
            played.kill();
          }
          played = SimStore.open(own, random.nextLong(), RandomOptions.of(random.nextLong()));
        } else {
          checkScan(namespace, range(random), model);
        }
      }
      return skipped + played.db().statistics().prefixFilterSkipped();
    } finally {
      played.close();
    }
  }

  private static NavigableMap<Bytes, Bytes> part(NavigableMap<Bytes, Bytes> model, Range range) {
    if (range.isEmpty()) {
      return new TreeMap<>();
    }
    Bytes lower = range.lower() == null ? Bytes.EMPTY : range.lower();
    Bytes upper = range.upper();
    return upper == null ? model.tailMap(lower, true) : model.subMap(lower, true, upper, false);
  }

  private static void checkScan(
      KeyValueStore namespace, Range range, NavigableMap<Bytes, Bytes> model) {
    var expected = new ArrayList<Entry>();
    part(model, range).forEach((key, value) -> expected.add(new Entry(key, value)));
    try (var found = namespace.range(range).stream()) {
      assertThat(found.toList()).as("up %s", range).isEqualTo(expected);
    }
    Collections.reverse(expected);
    try (var found = namespace.range(range).reverse().stream()) {
      assertThat(found.toList()).as("down %s", range).isEqualTo(expected);
    }
  }
}
