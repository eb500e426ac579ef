package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Level 0 of a quiet store stays as long as nobody reads, and is merged for those who do.
class ReadWatchTest {
  private static final long MIB = 1024 * 1024;
  private static final int KEYS = 400;
  private static final int NEW_KEYS = 100;
  private static final int READS_WORTH_MERGING = 6 * (KEYS + NEW_KEYS);
  private static final int COUNTED_AT_ONCE = 256; // by a reader, before it tells anyone

  private final SimPorts sim = SimPorts.create(42);
  private final Engine engine =
      EngineOpener.open(
          sim.ports(), Options.DEFAULT.withMemoryLimitBytes(64 * MIB), 64 * MIB, 32 * MIB);
  private final ReadContext context = engine.newReadContext(ReadContext.Mode.BLOCKING);
  private final BatchBuilder batch = new BatchBuilder();
  private final Lookup lookup = new Lookup();

  @BeforeEach
  void fill() {
    put(KEYS);
    engine.compact();
    put(NEW_KEYS);
    flush();
  }

  @AfterEach
  void close() {
    context.close();
    engine.close();
    batch.close();
  }

  @Test
  void levelZeroIsMergedWhenReadsHavePaidForIt() {
    assertEquals(1, level0());
    read(READS_WORTH_MERGING - COUNTED_AT_ONCE);
    assertEquals(1, level0());
    read(2 * COUNTED_AT_ONCE);
    assertEquals(0, level0());
    read(2 * READS_WORTH_MERGING);
    assertEquals(0, level0());
  }

  @Test
  void anotherTableCountsAnew() {
    read(READS_WORTH_MERGING - COUNTED_AT_ONCE);
    put(NEW_KEYS / 2);
    flush();
    read(2 * COUNTED_AT_ONCE);
    assertEquals(2, level0());
    read(READS_WORTH_MERGING);
    assertEquals(0, level0());
  }

  private void put(int keys) {
    for (int i = 0; i < keys; i++) {
      byte[] key = key(i);
      batch.put(key, 0, key.length, key, 0, key.length);
      batch.finish();
      engine.commit(batch);
      batch.clear();
    }
    engine.writeLog();
  }

  private void flush() {
    engine.flush();
    sim.scheduler().runUntilIdle();
  }

  private void read(int times) {
    for (int i = 0; i < times; i++) {
      byte[] key = key(i % KEYS);
      assertEquals(Lookup.FOUND, engine.get(context, key, 0, key.length, lookup));
      lookup.release();
    }
    sim.scheduler().runUntilIdle();
  }

  private long level0() {
    return engine.statistics().levels().getFirst().tables();
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(StandardCharsets.UTF_8);
  }
}
