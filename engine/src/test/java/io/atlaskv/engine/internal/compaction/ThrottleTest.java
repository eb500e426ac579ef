package io.atlaskv.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atlaskv.engine.internal.io.Clock;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Background I/O stays below its ceilings, flushes go first, and debts speed compactions up.
class ThrottleTest {
  private static final long MB = 1 << 20;
  private static final long SECOND = 1_000_000_000;
  private static final Offset<Long> ROUNDING = within(1_000_000L);

  private long now = 5 * SECOND;
  private final Clock clock =
      new Clock() {
        @Override
        public long nanoTime() {
          return now;
        }

        @Override
        public long currentTimeMillis() {
          return now / 1_000_000;
        }
      };

  @Test
  void withoutCeilingsNobodyWaits() {
    var throttle = new Throttle(clock, 0, 0);
    assertThat(throttle.compacted(1L << 40)).isZero();
    assertThat(throttle.flushed(1L << 40)).isZero();
  }

  @Test
  void bytesOfASecondStayBelowTheCeiling() {
    var throttle = new Throttle(clock, 10 * MB, 0);
    throttle.urgency(1);
    long bytes = 0;
    long end = now + 100 * SECOND;
    while (now < end) {
      bytes += 2 * MB;
      now += throttle.compacted(2 * MB);
    }
    assertThat(bytes).isBetween(990 * MB, 1_000 * MB + 2 * MB);
  }

  @Test
  void theLowerOfBothCeilingsCounts() {
    var throttle = new Throttle(clock, 100 * MB, 8); // 2 MiB a second
    assertThat(throttle.flushed(4 * MB)).isCloseTo(2 * SECOND, ROUNDING);
  }

  @Test
  void flushesWaitForFlushesOnly() {
    var throttle = new Throttle(clock, 10 * MB, 0);
    throttle.urgency(1);
    assertThat(throttle.compacted(100 * MB)).isCloseTo(10 * SECOND, ROUNDING);
    assertThat(throttle.flushed(10 * MB)).isCloseTo(SECOND, ROUNDING);
    assertThat(throttle.compacted(0)).isCloseTo(11 * SECOND, ROUNDING);
  }

  @Test
  void loadsWaitForFlushesAndLeaveHalfToUrgentCompactions() {
    var throttle = new Throttle(clock, 10 * MB, 0);
    assertThat(throttle.flushed(10 * MB)).isCloseTo(SECOND, ROUNDING);
    assertThat(throttle.requested(0)).isCloseTo(SECOND, ROUNDING);
    assertThat(throttle.requested(7 * MB)).isCloseTo(SECOND + 7 * SECOND / 10, ROUNDING);
    assertThat(throttle.flushed(0)).isCloseTo(SECOND, ROUNDING);
    now += 10 * SECOND;
    throttle.urgency(1);
    long loaded = 0;
    long merged = 0;
    long loadsAt = now;
    long mergesAt = now;
    for (long end = now + 100 * SECOND; now < end; now = Math.min(loadsAt, mergesAt)) {
      if (now >= loadsAt) {
        loadsAt = now + throttle.requested(MB);
        loaded += MB;
      }
      long owed = throttle.compacted(0);
      if (owed == 0) {
        merged += 2 * MB;
        owed = throttle.compacted(2 * MB);
      }
      mergesAt = now + owed;
    }
    assertThat(loaded).isBetween(495 * MB, 505 * MB);
    assertThat(merged).isBetween(450 * MB, 505 * MB);
    now += 10 * SECOND;
    assertThat(throttle.requested(MB)).as("the last one").isCloseTo(SECOND / 5, ROUNDING);
    now += SECOND;
    assertThat(throttle.requested(MB)).as("nobody else").isCloseTo(SECOND / 10, ROUNDING);
  }

  @Test
  void whatIsNotUrgentIsSlow() {
    var throttle = new Throttle(clock, 8 * MB, 0);
    assertThat(throttle.compacted(MB)).isCloseTo(SECOND, ROUNDING);
    now += SECOND;
    throttle.urgency(0.25);
    assertThat(throttle.compacted(MB)).isCloseTo(SECOND / 4, ROUNDING);
    now += SECOND;
    throttle.urgency(3);
    assertThat(throttle.compacted(MB)).isCloseTo(SECOND / 8, ROUNDING);
  }

  @Test
  void newCeilingsCountAtOnce() {
    var throttle = new Throttle(clock, 0, 0);
    throttle.urgency(1);
    throttle.ceilings(10 * MB, 0);
    assertThat(throttle.compacted(100 * MB)).isCloseTo(10 * SECOND, ROUNDING);
    throttle.ceilings(20 * MB, 0); // what was owed to the old one is forgotten
    assertThat(throttle.compacted(100 * MB)).isCloseTo(5 * SECOND, ROUNDING);
    throttle.ceilings(20 * MB, 8);
    assertThat(throttle.flushed(2 * MB)).isCloseTo(SECOND, ROUNDING);
    throttle.ceilings(0, 0);
    assertThat(throttle.compacted(100 * MB)).isZero();
  }

  @Test
  void timeThatPassesIsNotSavedUp() {
    var throttle = new Throttle(clock, 8 * MB, 0);
    throttle.urgency(1);
    now += 1_000 * SECOND;
    assertThat(throttle.compacted(8 * MB)).isCloseTo(SECOND, ROUNDING);
  }
}
