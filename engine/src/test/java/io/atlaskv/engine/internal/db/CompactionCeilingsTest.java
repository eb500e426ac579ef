package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Ceilings of background work are obeyed by a store that is open already.
class CompactionCeilingsTest {
  private static final long SECOND = 1_000_000_000;
  private static final int LOADED = 4_000; // values of 1,000 bytes
  private static final int VALUES = 700; // of 1,000 bytes: less than a memtable

  private final SimStore store =
      SimStore.open(FaultFileSystem.create(42).withoutHistory(), 42, RandomOptions.SMALL);

  @AfterEach
  void close() {
    store.close();
  }

  private Engine engine() {
    return store.engine();
  }

  /// How long the flush of some 700 kB takes.
  private long flushNanos() {
    var random = new Random(1);
    for (int i = 0; i < VALUES; i++) {
      byte[] value = new byte[1_000];
      random.nextBytes(value);
      store.db().put(new byte[] {(byte) i, (byte) (i >>> Byte.SIZE)}, value);
    }
    long start = store.clock().nanoTime();
    store.db().flush();
    return store.clock().nanoTime() - start;
  }

  @Test
  void aFlushTakesAsLongAsTheCeilingOfNowAllows() {
    assertThat(flushNanos()).isLessThan(SECOND / 4);
    engine().compactionCeilings(1 << 20, 0);
    assertThat(flushNanos()).isBetween(SECOND / 3, 2 * SECOND);
    engine().compactionCeilings(0, 8); // 2 MiB a second
    assertThat(flushNanos()).isBetween(SECOND / 6, SECOND);
    engine().compactionCeilings(0, 0);
    assertThat(flushNanos()).isLessThan(SECOND / 4);
  }

  /// How long it takes to load some 4 MB.
  private long loadNanos(String namespace) {
    var random = new Random(1);
    long start = store.clock().nanoTime();
    try (BulkLoad load = store.db().namespace(namespace).bulkLoad()) {
      for (int i = 0; i < LOADED; i++) {
        byte[] value = new byte[1_000];
        random.nextBytes(value);
        load.put(new byte[] {(byte) (i >>> Byte.SIZE), (byte) i}, value);
      }
      assertThat(load.commit()).isEqualTo(LOADED);
    }
    return store.clock().nanoTime() - start;
  }

  @Test
  void aBulkLoadTakesAsLongAsTheCeilingAllows() {
    assertThat(loadNanos("a")).isLessThan(SECOND / 4);
    engine().compactionCeilings(1 << 20, 0);
    assertThat(loadNanos("b")).isBetween(7 * SECOND / 2, 5 * SECOND);
    engine().compactionCeilings(0, 0);
    assertThat(loadNanos("c")).isLessThan(SECOND / 4);
  }

  private long backupNanos(String repository) {
    long start = store.clock().nanoTime();
    engine().backup(store.files().directories(repository));
    return store.clock().nanoTime() - start;
  }

  /// What is copied is read and written; what the backup before has is not copied.
  @Test
  void aBackupTakesAsLongAsTheCeilingAllows() {
    loadNanos("a");
    assertThat(backupNanos("unlimited")).isLessThan(SECOND / 4);
    engine().compactionCeilings(1 << 20, 0);
    assertThat(backupNanos("limited")).isBetween(7 * SECOND, 10 * SECOND);
    assertThat(backupNanos("limited")).isLessThan(2 * SECOND);
  }

  @Test
  void whatOptionsRefuseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> engine().compactionCeilings(1_000, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> engine().compactionCeilings(0, 7));
  }
}
