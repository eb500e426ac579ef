package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a compaction style does to the tables of a namespace, end to end.
class CompactionStylesTest {
  private static final long SECOND = 1_000_000_000;
  private static final NamespaceOptions TIERED =
      NamespaceOptions.DEFAULT.withCompaction(CompactionStyle.SIZE_TIERED);
  private static final NamespaceOptions WINDOWED =
      NamespaceOptions.DEFAULT.withCompaction(CompactionStyle.timeWindowed(Duration.ofSeconds(2)));

  private final FaultFileSystem files = FaultFileSystem.create(42).withoutHistory();
  private SimStore store = SimStore.open(files, 42, RandomOptions.SMALL);

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private void reopen() {
    store.close();
    store = SimStore.open(files, 43, RandomOptions.SMALL);
  }

  private void fill(KeyValueStore namespace, int keys, int bytes) {
    for (int i = 0; i < keys; i++) {
      byte[] value = new byte[bytes];
      new Random(i).nextBytes(value);
      namespace.put(key(i), value);
    }
  }

  private static byte[] key(int number) {
    return ("key" + number).getBytes(StandardCharsets.UTF_8);
  }

  /// Number of tables of namespaces that have their own.
  private int tables() {
    return store.engine().trees().all().values().stream()
        .mapToInt(tree -> tree.levels().tables())
        .sum();
  }

  private int trees() {
    return store.engine().trees().all().size();
  }

  private long bytes() {
    return db().statistics().levels().stream().mapToLong(Statistics.Level::bytes).sum();
  }

  @Test
  void aStyleHasTablesOfItsOwnUntilTheNamespaceIsDropped() {
    KeyValueStore plain = db().namespace("plain");
    KeyValueStore styled = db().namespace("styled", TIERED);
    fill(plain, 10, 100);
    fill(styled, 10, 100);
    db().flush();
    assertThat(tables()).isEqualTo(1);
    assertThat(db().statistics().levels().getFirst().tables()).isEqualTo(2);
    assertThat(plain.get(key(3))).isNotNull();
    assertThat(styled.get(key(3))).isNotNull();
    assertThat(styled.get(key(11))).isNull();
    assertThat(trees()).isEqualTo(1);
    db().dropNamespace("styled");
    db().compact();
    reopen();
    assertThat(trees()).isZero();
    assertThat(db().namespace("plain").get(key(3))).isNotNull();
  }

  @Test
  void entriesFromBeforeAStyleAreReadAndHidden() {
    KeyValueStore namespace = db().namespace("n");
    fill(namespace, 10, 4_000);
    db().flush();
    db().namespace("n", TIERED);
    namespace.put(key(1), key(1));
    namespace.delete(key(2));
    db().flush();
    assertThat(trees()).isEqualTo(1);
    db().compact();
    reopen();
    KeyValueStore again = db().namespace("n");
    assertThat(again.options()).isEqualTo(TIERED);
    assertThat(again.get(key(0))).hasSize(4_000);
    assertThat(again.get(key(1))).isEqualTo(key(1));
    assertThat(again.get(key(2))).isNull();
    try (var entries = again.range(Range.all()).open()) {
      int count = 0;
      for (; entries.isValid(); entries.next()) {
        count++;
      }
      assertThat(count).isEqualTo(9);
    }
    again.clear();
    db().flush();
    db().compact();
    assertThat(bytes()).isLessThan(10_000); // those of before are gone, too
  }

  @Test
  void sizeTieredMergesFourAndNotThree() {
    KeyValueStore namespace = db().namespace("n", TIERED);
    for (int i = 0; i < 3; i++) {
      fill(namespace, 10, 100);
      db().flush();
      store.scheduler().runFor(2 * SECOND);
    }
    assertThat(tables()).isEqualTo(3);
    fill(namespace, 10, 100);
    db().flush();
    store.scheduler().runFor(2 * SECOND);
    assertThat(tables()).isEqualTo(1);
  }

  @Test
  void aTableOfExpiredEntriesIsDroppedUnread() {
    KeyValueStore namespace = db().namespace("n", WINDOWED);
    for (int i = 0; i < 20; i++) {
      namespace.put(key(i), key(i), Expiry.after(Duration.ofSeconds(20)));
    }
    db().flush();
    store.scheduler().runFor(12 * SECOND);
    assertThat(tables()).isEqualTo(1);
    long readBefore = db().statistics().compactionReadBytes();
    store.scheduler().runFor(30 * SECOND);
    assertThat(tables()).isZero();
    assertThat(db().statistics().compactionReadBytes()).isEqualTo(readBefore);
  }

  /// One in `every` entries never expires.
  private long afterExpiry(KeyValueStore namespace, int every) {
    for (int i = 0; i < 2_000; i++) {
      byte[] value = new byte[200];
      new Random(i).nextBytes(value);
      if (i % every == 0) {
        namespace.put(key(i), value);
      } else {
        namespace.put(key(i), value, Expiry.after(Duration.ofSeconds(20)));
      }
    }
    db().flush();
    store.scheduler().runFor(12 * SECOND);
    long full = bytes();
    store.scheduler().runFor(3_600 * SECOND);
    assertThat(namespace.get(key(0))).hasSize(200);
    return 100 * bytes() / full;
  }

  @Test
  void ofWhatExpiresInLevelsTheBytesGoUnasked() {
    fill(db(), 2_000, 200);
    db().compact();
    assertThat(afterExpiry(db(), 2)).isBetween(1L, 60L);
  }

  @Test
  void ofWhatExpiresInTheOnlyTableTheBytesGoUnasked() {
    assertThat(afterExpiry(db(), 2)).isBetween(1L, 60L);
  }

  @Test
  void ofWhatExpiresInATierTheBytesGoUnasked() {
    assertThat(afterExpiry(db().namespace("n", TIERED), 2)).isBetween(1L, 60L);
  }

  /// What was written before a style may lie elsewhere; where nothing does, nothing keeps what is
  /// due.
  @Test
  void whatExpiresGoesFromANamespaceThatWasGivenItsStyleLater() {
    db().namespace("n");
    KeyValueStore namespace = db().namespace("n", WINDOWED);
    for (int i = 0; i < 20; i++) {
      namespace.put(key(i), key(i), Expiry.after(Duration.ofSeconds(20)));
    }
    db().flush();
    assertThat(tables()).isEqualTo(1);
    store.scheduler().runFor(60 * SECOND);
    assertThat(tables()).isZero();
  }

  /// A table of expired entries still hides what lies in the tables of before.
  @Test
  void whatExpiresStaysWhereItHidesEntriesOfBeforeTheStyle() {
    fill(db().namespace("n"), 20, 100);
    db().flush();
    KeyValueStore namespace = db().namespace("n", WINDOWED);
    for (int i = 0; i < 20; i++) {
      namespace.put(key(i), key(i), Expiry.after(Duration.ofSeconds(20)));
    }
    db().flush();
    store.scheduler().runFor(60 * SECOND);
    for (int i = 0; i < 20; i++) {
      assertThat(namespace.get(key(i))).isNull();
    }
  }

  @Test
  void tablesOfDifferentWindowsStayApart() {
    KeyValueStore namespace = db().namespace("n", WINDOWED);
    for (int window = 0; window < 3; window++) {
      for (int i = 0; i < 2; i++) {
        fill(namespace, 5, 50);
        db().flush();
      }
      store.scheduler().runFor(20 * SECOND);
      assertThat(tables()).isEqualTo(window + 1);
    }
  }

  @Test
  void aRangeIsCompactedByHand() {
    KeyValueStore namespace = db().namespace("n");
    fill(namespace, 10, 4_000);
    db().compact();
    fill(db().namespace("other"), 10, 4_000);
    db().flush();
    namespace.deleteRange(Range.prefix(new byte[] {'k'}));
    namespace.compact(Range.prefix(new byte[] {'k'}));
    assertThat(bytes()).isBetween(30_000L, 55_000L); // those of the other namespace
  }
}
