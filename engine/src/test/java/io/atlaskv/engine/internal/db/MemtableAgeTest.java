package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Entries leave memtables within the age that `Options.memtableAgeMax` names, and not much sooner.
class MemtableAgeTest {
  private static final long MILLI = 1_000_000;
  private static final Options AGED =
      RandomOptions.SMALL.withMemtableAgeMax(Duration.ofSeconds(10));

  private final FaultFileSystem files = FaultFileSystem.create(42).withoutHistory();
  private SimStore store = SimStore.open(files, 42, AGED);

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private void put(int key) {
    db().put(new byte[] {(byte) key}, new byte[10]);
  }

  private void runFor(long millis) {
    store.scheduler().runFor(millis * MILLI);
  }

  private long flushes() {
    return db().statistics().flushes();
  }

  @Test
  void theOldestEntryCounts() {
    runFor(7_300);
    put(1);
    for (int second = 1; second <= 7; second++) {
      runFor(1_000);
      assertThat(flushes()).as("after %d s", second).isZero();
      put(second); // younger ones put nothing off
    }
    runFor(3_000);
    assertThat(flushes()).isEqualTo(1);
    assertThat(db().get(new byte[] {5})).isNotNull();
  }

  @Test
  void theNextMemtableHasAnAgeOfItsOwn() {
    put(1);
    runFor(5_000);
    db().flush();
    put(2);
    runFor(6_000); // eleven after the first entry, which is no longer there
    assertThat(flushes()).isEqualTo(1);
    runFor(4_500);
    assertThat(flushes()).isEqualTo(2);
    assertThat(db().statistics().memtableEntries()).isZero();
  }

  @Test
  void whatIsEmptyIsNotFlushed() {
    runFor(100_000);
    assertThat(flushes()).isZero();
    assertThat(db().statistics().levels().getFirst().tables()).isZero();
  }

  @Test
  void whatWasReplayedCountsFromTheOpen() {
    put(1);
    store.close();
    store = SimStore.open(files, 43, AGED);
    assertThat(db().statistics().memtableEntries()).isEqualTo(1);
    runFor(11_000);
    assertThat(flushes()).isEqualTo(1);
    assertThat(db().get(new byte[] {1})).isNotNull();
  }

  @Test
  void withoutAnAgeNothingIsFlushedByTime() {
    store.close();
    store = SimStore.open(files, 43, RandomOptions.SMALL);
    put(1);
    runFor(1_000_000);
    assertThat(flushes()).isZero();
  }
}
