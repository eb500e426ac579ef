package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.manifest.ManifestInspector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Values that expire: to the millisecond, wherever they lie, through every way to read. Random
/// histories with them are in `DbModelTest`, crashes in `DbPowerLossTest`.
class ExpiryTest {
  private static final long SEED = 11;
  private static final Options OPTIONS = RandomOptions.SMALL;

  private final FaultFileSystem files = FaultFileSystem.create(SEED);
  private SimStore store = SimStore.open(files, SEED, OPTIONS);

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

  private void reopen() {
    long now = store.clock().currentTimeMillis();
    store.close();
    store = SimStore.open(files, SEED, OPTIONS);
    store.clock().jumpWall(now - store.clock().currentTimeMillis());
  }

  private void passTo(Instant time) {
    store.clock().jumpWall(time.toEpochMilli() - store.clock().currentTimeMillis());
  }

  private Instant in(Duration delay) {
    return Instant.ofEpochMilli(store.clock().currentTimeMillis()).plus(delay);
  }

  private void assertVisible(String key, String value) {
    assertArrayEquals(bytes(value), db().get(bytes(key)));
    assertTrue(db().contains(bytes(key)));
    assertArrayEquals(bytes(value), db().get(bytes(key), Codec.byteArray()));
    assertArrayEquals(bytes(value), db().async().get(bytes(key)).join());
    assertEquals(Explanation.Answer.FOUND, db().explain(bytes(key)).answer());
    assertEquals(1, count());
    try (var cursor = db().range(Range.all()).reverse().open()) {
      assertArrayEquals(bytes(value), cursor.value());
      assertEquals(value.length(), cursor.valueLength());
    }
    try (var entries = db().range(Range.all()).stream()) {
      assertEquals(value, entries.findFirst().orElseThrow().value().toUtf8());
    }
  }

  private void assertHidden(String key) {
    assertNull(db().get(bytes(key)));
    assertFalse(db().contains(bytes(key)));
    assertNull(db().get(bytes(key), Codec.byteArray()));
    assertNull(db().async().get(bytes(key)).join());
    assertNull(db().expiryOf(bytes(key)));
    assertEquals(Explanation.Answer.DELETED, db().explain(bytes(key)).answer());
    assertEquals(0, count());
    try (var cursor = db().range(Range.all()).reverse().open()) {
      assertFalse(cursor.isValid());
    }
    assertTrue(db().asMap(Codec.utf8(), Codec.utf8()).isEmpty());
  }

  private long count() {
    try (var entries = db().range(Range.all()).stream()) {
      return entries.count();
    }
  }

  private void expiresToTheMillisecond(Runnable moveIt) {
    Instant expiry = in(Duration.ofMinutes(1));
    db().put(bytes("k"), bytes("value"), Expiry.at(expiry));
    moveIt.run();
    assertEquals(expiry, db().expiryOf(bytes("k")));
    passTo(expiry.minusMillis(1));
    assertVisible("k", "value");
    passTo(expiry);
    assertHidden("k");
  }

  @Test
  void expiresInTheMemtable() {
    expiresToTheMillisecond(() -> {});
  }

  @Test
  void expiresInATableOfLevelZero() {
    expiresToTheMillisecond(db()::flush);
  }

  @Test
  void expiresAtTheBottom() {
    expiresToTheMillisecond(() -> {
      db().compact();
      db().verify();
    });
  }

  @Test
  void expiresAfterRecovery() {
    expiresToTheMillisecond(this::reopen);
  }

  @Test
  void expiresUnderASnapshotToo() {
    db().put(bytes("k"), bytes("old"));
    db().put(bytes("k"), bytes("new"), Expiry.after(Duration.ofSeconds(5)));
    try (Snapshot snapshot = db().snapshot()) {
      assertArrayEquals(bytes("new"), snapshot.get(bytes("k")));
      passTo(in(Duration.ofSeconds(5)));
      assertNull(snapshot.get(bytes("k")));
      assertNull(snapshot.expiryOf(bytes("k")));
      db().compact();
      assertNull(snapshot.get(bytes("k")));
    }
    assertNull(db().get(bytes("k"))); // and the older value does not come back
  }

  @Test
  void anyOtherWriteEndsTheExpiry() {
    Expiry soon = Expiry.after(Duration.ofSeconds(1));
    db().put(bytes("put"), bytes("1"), soon);
    db().put(bytes("put"), bytes("2"));
    db().put(bytes("update"), bytes("1"), soon);
    db().update(bytes("update"), old -> bytes("2"));
    db().put(bytes("same"), bytes("1"), soon);
    db().update(bytes("same"), old -> old);
    passTo(in(Duration.ofSeconds(1)));
    assertArrayEquals(bytes("2"), db().get(bytes("put")));
    assertArrayEquals(bytes("2"), db().get(bytes("update")));
    assertNull(db().get(bytes("same")));
  }

  @Test
  void batchesCountFromTheirWrite() {
    KeyValueStore other = db().namespace("other");
    var batch =
        new WriteBatch()
            .put(bytes("a"), bytes("1"), Expiry.after(Duration.ofSeconds(1)))
            .put(bytes("b"), bytes("2"))
            .put(other, bytes("c"), bytes("3"), Expiry.after(Duration.ofNanos(1)));
    passTo(in(Duration.ofHours(1)));
    db().write(batch);
    assertEquals(in(Duration.ofSeconds(1)), db().expiryOf(bytes("a")));
    assertNull(db().expiryOf(bytes("b")));
    assertEquals(in(Duration.ofMillis(1)), other.expiryOf(bytes("c")));
    passTo(in(Duration.ofSeconds(1)));
    assertNull(db().get(bytes("a")));
    assertArrayEquals(bytes("2"), db().get(bytes("b")));
    assertNull(other.get(bytes("c")));
  }

  @Test
  void whatIsOverIsADeletion() {
    db().put(bytes("k"), bytes("old"));
    db().put(bytes("k"), bytes("new"), Expiry.at(Instant.MIN));
    assertHidden("k");
    db().put(bytes("k"), bytes("new"), Expiry.at(Instant.MAX));
    assertVisible("k", "new");
    db().put(bytes("k"), bytes("more"), Expiry.after(Duration.ofSeconds(Long.MAX_VALUE)));
    assertVisible("k", "more");
    assertThrows(IllegalArgumentException.class, () -> Expiry.after(Duration.ZERO));
  }

  @Test
  void compactionDropsWhatIsDue() {
    Expiry soon = Expiry.after(Duration.ofSeconds(1));
    for (int i = 0; i < 100; i++) {
      db().put(bytes("key" + i), new byte[100], soon);
    }
    db().put(bytes("stays"), new byte[100], Expiry.after(Duration.ofHours(1)));
    db().compact();
    assertTrue(tableBytes() > 10_000, "bytes=" + tableBytes());
    passTo(in(Duration.ofSeconds(1)));
    db().put(bytes("key0"), bytes("new")); // else there is nothing to merge
    db().compact();
    assertTrue(tableBytes() < 2_000, "bytes=" + tableBytes());
    assertEquals(2, count());
    assertNotNull(db().get(bytes("stays")));
  }

  private long tableBytes() {
    return db().statistics().levels().stream().mapToLong(level -> level.bytes()).sum();
  }

  /// What is due becomes a tombstone, which hides what is older below.
  @Test
  void compactionOfWhatIsDueUncoversNothing() {
    db().put(bytes("k"), bytes("old"));
    db().compact();
    db().put(bytes("k"), bytes("new"), Expiry.after(Duration.ofSeconds(1)));
    passTo(in(Duration.ofSeconds(1)));
    db().flush();
    store.clock().jumpWall(-10_000); // had the flush dropped it, or kept it, this would tell
    assertNull(db().get(bytes("k")));
    db().compact();
    assertNull(db().get(bytes("k")));
  }

  @Test
  void theManifestNamesTheFeatureFromTheFirstSuchWriteOn() {
    db().put(bytes("k"), bytes("v"));
    assertEquals(List.of(), features());
    db().put(bytes("e"), bytes("v"), Expiry.after(Duration.ofHours(1)));
    assertEquals(List.of("expiry"), features());
    reopen();
    assertEquals(List.of("expiry"), features());
  }

  private List<String> features() {
    return ManifestInspector.inspect(files, files.list()).features();
  }

  @Test
  void asyncWritesWaitForTheFeature() {
    CompletableFuture<?> first =
        db().async().put(bytes("a"), bytes("1"), Expiry.after(Duration.ofHours(1)));
    CompletableFuture<?> second = db().async().put(bytes("a"), bytes("2"));
    store.scheduler().runUntil(second::isDone);
    first.join();
    assertArrayEquals(bytes("2"), db().get(bytes("a")));
    assertEquals(List.of("expiry"), features());
  }

  @Test
  void aFullDiskRefusesTheFirstSuchWrite() {
    files.failAlways(operation -> operation.name().startsWith("MANIFEST"), Fault.ENOSPC);
    Expiry later = Expiry.after(Duration.ofHours(1));
    assertThrows(ReadOnlyException.class, () -> db().put(bytes("k"), bytes("v"), later));
    files.clearFaults();
    db().put(bytes("k"), bytes("v"), later);
    assertVisible("k", "v");
  }
}
