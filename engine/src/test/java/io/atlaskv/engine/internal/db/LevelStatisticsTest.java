package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.NamespaceStatistics;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.manifest.Levels;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What statistics say of levels and namespaces.
class LevelStatisticsTest {
  private static final int KEYS_PER_COUNTED = 1_024;
  private static final int VALUE_BYTES = 200;

  private final SimStore store =
      SimStore.open(FaultFileSystem.create(42).withoutHistory(), 42, RandomOptions.SMALL);

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private static byte[] key(int number) {
    return "key%06d".formatted(number).getBytes(StandardCharsets.UTF_8);
  }

  /// Puts keys from `from` to before `to`, whose values do not compress.
  private static void fill(KeyValueStore namespace, int from, int to) {
    var random = new Random(from);
    for (int i = from; i < to; i++) {
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      namespace.put(key(i), value);
    }
  }

  private Statistics.Level level(int level) {
    return db().statistics().levels().get(level);
  }

  @Test
  void aLevelSaysWhatWasWrittenToIt() {
    fill(db(), 0, 300);
    db().flush();
    db().compact();
    fill(db(), 100, 200);
    db().flush();
    db().compact();
    Statistics statistics = db().statistics();
    assertThat(level(0).writtenBytes()).isEqualTo(statistics.flushedBytes()).isPositive();
    long merged =
        statistics.levels().stream().skip(1).mapToLong(Statistics.Level::writtenBytes).sum();
    assertThat(merged).isEqualTo(statistics.compactionWrittenBytes());
    assertThat(level(Levels.LAST).writtenBytes()).isPositive();
  }

  @Test
  void aLevelSaysWhatLiesInIt() {
    fill(db(), 0, 300);
    db().compact();
    for (int i = 0; i < 20; i++) {
      db().delete(key(i));
    }
    fill(db(), 40, 45);
    db().deleteRange(Range.closedOpen(key(100), key(110)));
    db().flush();
    Statistics.Level newest = level(0);
    assertThat(newest.tables()).isEqualTo(1);
    assertThat(newest.entries()).isEqualTo(25);
    assertThat(newest.deletions()).isEqualTo(20);
    assertThat(newest.rangeDeletions()).isEqualTo(1);
    Statistics.Level deepest = level(Levels.LAST);
    assertThat(deepest.entries()).isEqualTo(300);
    assertThat(deepest.deletions()).isZero();
    assertThat(deepest.bytes()).isGreaterThan(300L * VALUE_BYTES);
    assertThat(db().statistics().tableBytes()).isEqualTo(newest.bytes() + deepest.bytes());
    db().compact();
    assertThat(level(Levels.LAST).entries()).isEqualTo(270);
    assertThat(level(0).tables()).isZero();
  }

  @Test
  void readsAreCountedWhereTheyAskAndWhereTheyEnd() {
    int keys = 20_000;
    for (int i = 0; i < keys; i += 2) {
      db().put(key(i), key(i));
    }
    db().compact();
    fill(db(), 0, 1);
    fill(db(), keys, keys + 1); // so that the newer table is asked for all keys
    db().flush();
    assertThat(level(0).reads()).isZero();
    for (int i = 0; i < keys; i++) {
      assertThat(db().get(key(i)) != null).isEqualTo(i % 2 == 0);
    }
    // the hash chooses about one key in 1,024 of them
    assertThat(level(0).reads()).isBetween(keys / 4L, keys * 3L);
    assertThat(level(0).reads() % KEYS_PER_COUNTED).isZero();
    assertThat(level(0).hits()).isLessThanOrEqualTo(KEYS_PER_COUNTED);
    assertThat(level(Levels.LAST).reads()).isEqualTo(level(0).reads() - level(0).hits());
    assertThat(level(Levels.LAST).hits()).isBetween(1L, level(Levels.LAST).reads() - 1);
    assertThat(level(3).reads()).as("it is empty").isZero();
  }

  @Test
  void readsOfANamespaceWithATreeOfItsOwnAreCountedToo() {
    int keys = 20_000;
    KeyValueStore own =
        db().namespace("own", NamespaceOptions.DEFAULT.withCompaction(CompactionStyle.SIZE_TIERED));
    for (int i = 0; i < keys; i++) {
      own.put(key(i), key(i));
    }
    db().flush();
    for (int i = 0; i < keys; i++) {
      assertThat(own.get(key(i))).isNotNull();
    }
    assertThat(level(0).hits()).isBetween(keys / 4L, keys * 3L);
  }

  @Test
  void namespacesShareTables() {
    KeyValueStore small = db().namespace("small");
    KeyValueStore large = db().namespace("large");
    KeyValueStore empty = db().namespace("empty");
    fill(small, 0, 200);
    fill(large, 0, 2_000);
    fill(db(), 0, 400);
    db().compact();
    var all = db().namespaceStatistics();
    assertThat(all).containsOnlyKeys("default", "empty", "large", "small");
    assertThat(all.get("small").tableEntries()).isCloseTo(200, within(40L));
    assertThat(all.get("large").tableEntries()).isCloseTo(2_000, within(40L));
    assertThat(all.get("default").tableEntries()).isCloseTo(400, within(40L));
    assertThat(all.get("large").tableBytes())
        .isCloseTo(2_000L * (VALUE_BYTES + 10), within(40_000L));
    assertThat(all.get("large").liveEntries()).isEmpty();
    assertThat(all.get(empty.name()).tableEntries()).isZero();
    long sum = all.values().stream().mapToLong(NamespaceStatistics::tableBytes).sum();
    assertThat(sum).isCloseTo(db().statistics().tableBytes(), within(10_000L));
    db().dropNamespace("large");
    assertThat(db().namespaceStatistics()).doesNotContainKey("large");
  }

  @Test
  void aNamespaceWithTablesOfItsOwnIsExact() {
    KeyValueStore own =
        db().namespace("own", NamespaceOptions.DEFAULT.withCompaction(CompactionStyle.SIZE_TIERED));
    fill(own, 0, 123);
    fill(db(), 0, 50);
    assertThat(db().namespaceStatistics().get("own").tables()).as("in the memtable").isZero();
    db().flush();
    NamespaceStatistics statistics = db().namespaceStatistics().get("own");
    assertThat(statistics.tables()).isEqualTo(1);
    assertThat(statistics.tableEntries()).isEqualTo(123);
  }

  @Test
  void aNamespaceWithAQuotaTellsWhatIsCounted() {
    KeyValueStore counted =
        db().namespace("counted", NamespaceOptions.DEFAULT.withQuotaEntries(1_000));
    counted.put(key(1), new byte[5]);
    counted.put(key(1), new byte[7]);
    counted.put(key(2), new byte[7]);
    counted.delete(key(2));
    NamespaceStatistics statistics = db().namespaceStatistics().get("counted");
    assertThat(statistics.liveEntries()).isEqualTo(OptionalLong.of(1));
    assertThat(statistics.liveBytes()).isEqualTo(OptionalLong.of(key(1).length + 7));
  }
}
