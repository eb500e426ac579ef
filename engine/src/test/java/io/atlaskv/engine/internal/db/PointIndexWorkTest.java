package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A store opened again gets the point indexes of its tables back, without haste.
class PointIndexWorkTest {
  private static final long MIB = 1024 * 1024;
  private static final long SECOND = 1_000_000_000;
  private static final long MILLISECOND = 1_000_000;
  private static final int KEYS = 6_000;
  private static final int KEY_BYTES_MIN = 5; // memory of the indexes for each key
  private static final int KEY_BYTES_MAX = 9;
  private static final int VALUE_BYTES = 1_000;
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  /// A store behind a simulation.
  private static final class Store implements AutoCloseable {
    final SimPorts sim;
    final Engine engine;

    Store(SimPorts sim) {
      this.sim = sim;
      Options options = Options.DEFAULT.withMemoryLimitBytes(128 * MIB);
      engine = EngineOpener.open(sim.ports(), options, 128 * MIB, 32 * MIB);
    }

    void put(int from, int to) {
      var random = new Random(SEED + from);
      byte[] value = new byte[VALUE_BYTES];
      try (var batch = new BatchBuilder()) {
        for (int i = from; i < to; i++) {
          random.nextBytes(value);
          byte[] key = key(i);
          batch.put(key, 0, key.length, value, 0, value.length);
          batch.finish();
          while (engine.commit(batch) == Engine.STALLED) {
            engine.writeLog();
            sim.scheduler().runUntilIdle();
          }
          batch.clear();
        }
      }
      engine.writeLog();
      engine.flush();
    }

    int get(int i) {
      byte[] key = key(i);
      var lookup = new Lookup();
      try (ReadContext context = engine.newReadContext(ReadContext.Mode.BLOCKING)) {
        int state = engine.get(context, key, 0, key.length, lookup);
        lookup.release();
        return state;
      }
    }

    private static byte[] key(int i) {
      return ("key" + i).getBytes(StandardCharsets.UTF_8);
    }

    long nativeBytes() {
      return engine.statistics().nativeBytes();
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  /// Files of a closed store: most keys in one table, the others in one of level 0.
  private static FaultFileSystem closedStore() {
    SimPorts sim = SimPorts.create(SEED);
    try (var store = new Store(sim)) {
      store.put(0, KEYS - 100);
      store.engine.compact();
      store.put(KEYS - 100, KEYS);
    }
    return sim.files();
  }

  @Test
  void tablesGetTheirIndexesInTheBackground() {
    try (var store = new Store(SimPorts.on(closedStore(), SEED))) {
      long before = store.nativeBytes();
      store.sim.scheduler().runFor(10 * SECOND);
      assertThat(store.nativeBytes() - before)
          .isBetween((long) KEY_BYTES_MIN * KEYS, (long) KEY_BYTES_MAX * KEYS);
      assertEquals(Lookup.FOUND, store.get(0));
      assertEquals(Lookup.FOUND, store.get(KEYS - 1));
      assertEquals(Lookup.ABSENT, store.get(KEYS));
    }
  }

  @Test
  void nothingIsReadInTheFirstSecondAndLittleAtATime() {
    try (var store = new Store(SimPorts.on(closedStore(), SEED))) {
      long before = store.nativeBytes();
      store.sim.scheduler().runFor(SECOND - MILLISECOND);
      assertEquals(before, store.nativeBytes());
      store.sim.scheduler().runFor(4 * MILLISECOND); // a table of 6 MiB takes 7 steps
      assertThat(store.nativeBytes() - before).isLessThan((long) KEY_BYTES_MIN * (KEYS - 100));
    }
  }

  @Test
  void aTableThatIsMergedAwayMeanwhileIsLeft() {
    FaultFileSystem files = closedStore();
    List<String> tables = tables(files);
    try (var store = new Store(SimPorts.on(files, SEED))) {
      store.sim.scheduler().runFor(SECOND + 3 * MILLISECOND);
      store.engine.compact();
      store.sim.scheduler().runFor(10 * SECOND);
      assertThat(tables(files))
          .as("files of merged tables are deleted")
          .doesNotContainAnyElementsOf(tables);
      assertEquals(Lookup.FOUND, store.get(0));
    }
  }

  @Test
  void aStoreCanBeClosedAtAnyMoment() {
    FaultFileSystem files = closedStore();
    for (int i = 0; i < 12; i++) {
      try (var store = new Store(SimPorts.on(files, SEED + i))) {
        store.sim.scheduler().runFor(SECOND + i * MILLISECOND);
        assertEquals(Lookup.FOUND, store.get(i));
      }
    }
    files.capacity(1024 * MIB);
    long free = files.freeBytes();
    tables(files).forEach(files::delete);
    assertThat(files.freeBytes() - free)
        .as("bytes of tables that nobody keeps open")
        .isGreaterThan((long) KEYS * VALUE_BYTES);
  }

  @Test
  void aDamagedTableIsLeftToItsReaders() {
    FaultFileSystem files = closedStore();
    files.flip(tables(files).getFirst(), (int) MIB, 1);
    try (var store = new Store(SimPorts.on(files, SEED))) {
      long before = store.nativeBytes();
      store.sim.scheduler().runFor(10 * SECOND);
      assertThat(store.nativeBytes() - before)
          .as("the other one has its index")
          .isBetween(500L, 900L);
      assertEquals(Lookup.FOUND, store.get(KEYS - 1));
      store.put(KEYS, KEYS + 1);
      assertThrows(
          CorruptionException.class,
          () -> {
            for (int i = 0; i < KEYS; i++) {
              store.get(i);
            }
          });
    }
  }

  private static List<String> tables(FaultFileSystem files) {
    return files.list().stream().filter(name -> name.endsWith(".sst")).sorted().toList();
  }
}
