package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.memtable.MemtableOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Memtables are made before a writer needs them.
class MemtableSupplyTest {
  private static final int MIB = 1 << 20;
  private static final long BUDGET = 16 * MIB;

  private final SimPorts sim = SimPorts.create(42);
  private final ChunkPool pool = new ChunkPool(0);
  private final MemtableSupply supply =
      new MemtableSupply(pool, sim.ports().scheduler(), sim.ports().random(), BUDGET);

  @AfterEach
  void close() {
    supply.close();
    pool.close();
  }

  @Test
  void asksForASpareOnceThereIsSomethingInTheFirstMemtable() {
    Memtable empty = memtable(4 * MIB);
    assertFalse(supply.isReady(empty));
    assertFalse(sim.scheduler().step(), "nothing was asked for");

    Memtable used = memtable(64 * MIB); // its hash table counts as used
    assertFalse(supply.isReady(used));
    assertFalse(supply.isReady(used));
    assertTrue(sim.scheduler().step());
    assertFalse(sim.scheduler().step(), "asked for once");
    assertTrue(supply.isReady(used));
    empty.release();
    used.release();
  }

  @Test
  void takingTheSpareAsksForTheNext() {
    Memtable first = supply.take(0, 0);
    assertTrue(sim.scheduler().step());
    assertTrue(supply.isReady(first));
    Memtable second = supply.take(0, 0);
    assertNotSame(first, second);
    assertFalse(supply.isReady(second));
    assertTrue(sim.scheduler().step());
    assertTrue(supply.isReady(second));
    first.release();
    second.release();
  }

  private Memtable memtable(long budget) {
    return new Memtable(pool, new MemtableOptions(budget, 0, false, 1));
  }
}
