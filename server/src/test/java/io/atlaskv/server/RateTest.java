package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RateTest {
  @Test
  void countsBetweenMoments() {
    var rate = new Rate(1_000_000_000L);
    assertEquals(0, rate.perSecond());
    rate.sample(1_500_000_000L, 100);
    assertEquals(200, rate.perSecond());
    rate.sample(1_600_000_000L, 1_000); // of another loop, too early
    assertEquals(200, rate.perSecond());
    rate.sample(2_500_000_000L, 1_100);
    assertEquals(1_000, rate.perSecond());
    rate.sample(3_500_000_000L, 1_100);
    assertEquals(0, rate.perSecond());
  }
}
