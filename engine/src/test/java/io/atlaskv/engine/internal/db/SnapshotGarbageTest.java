package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What tables keep for a snapshot alone goes soon after it, though nobody writes any more.
class SnapshotGarbageTest {
  private static final long LONG_NANOS = 10_000_000_000L;
  private static final int KEYS = 300;
  private static final int VALUE_BYTES = 500;

  private final SimStore store =
      SimStore.open(FaultFileSystem.create(42).withoutHistory(), 42, RandomOptions.SMALL);

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private void fill(int seed) {
    var random = new Random(seed);
    for (int i = 0; i < KEYS; i++) {
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      db().put(("key" + i).getBytes(UTF_8), value);
    }
  }

  private void settle() {
    store.scheduler().runFor(LONG_NANOS);
  }

  private long bytes() {
    return db().statistics().levels().stream().mapToLong(Statistics.Level::bytes).sum();
  }

  @Test
  void overwrittenEntriesGo() {
    fill(1);
    try (Snapshot _ = db().snapshot()) {
      fill(2);
      db().compact();
      settle();
      assertThat(bytes()).isGreaterThan(2L * KEYS * VALUE_BYTES);
    }
    settle();
    assertThat(bytes()).isLessThan(3L * KEYS * VALUE_BYTES / 2);
  }

  @Test
  void thoseThatACursorSawGoToo() {
    fill(1);
    try (Cursor _ = db().range(Range.all()).open()) {
      fill(2);
      db().compact();
      settle();
    }
    settle();
    assertThat(bytes()).isLessThan(3L * KEYS * VALUE_BYTES / 2);
  }

  @Test
  void tablesUnderADeletedRangeGo() {
    fill(1);
    db().compact();
    try (Snapshot _ = db().snapshot()) {
      db().clear();
      db().flush();
      settle();
      assertThat(bytes()).isGreaterThan((long) KEYS * VALUE_BYTES);
    }
    settle();
    assertThat(bytes()).isLessThan((long) KEYS * VALUE_BYTES / 10);
  }

  /// The older of two: the newer one needs nothing that it held.
  @Test
  void anotherSnapshotIsNotInTheWay() {
    fill(1);
    Snapshot old = db().snapshot();
    fill(2);
    db().compact();
    settle();
    try (Snapshot _ = db().snapshot()) {
      old.close();
      settle();
      assertThat(bytes()).isLessThan(3L * KEYS * VALUE_BYTES / 2);
    }
  }
}
