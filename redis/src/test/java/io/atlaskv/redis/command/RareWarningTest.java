package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.io.SimPorts;
import org.junit.jupiter.api.Test;

class RareWarningTest {
  private static final long MINUTE = 60_000_000_000L;

  @Test
  void isDueAtOnceAndThenOnceAMinute() {
    SimPorts sim = SimPorts.create(1);
    var warning = new RareWarning(sim.clock());
    assertTrue(warning.isDue());
    assertFalse(warning.isDue());
    sim.clock().advance(MINUTE - 1);
    assertFalse(warning.isDue());
    sim.clock().advance(1);
    assertTrue(warning.isDue());
    assertFalse(warning.isDue());
  }
}
