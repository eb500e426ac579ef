package io.atlaskv.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/// Which millisecond an expiry is. What it does to values is in `internal.db.ExpiryTest`.
class ExpiryTimesTest {
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void aDelayIsRoundedUp() {
    assertEquals(NOW + 1, Expiry.after(Duration.ofNanos(1)).atMillis(NOW));
    assertEquals(NOW + 1, Expiry.after(Duration.ofMillis(1)).atMillis(NOW));
    assertEquals(NOW + 2, Expiry.after(Duration.ofNanos(1_000_001)).atMillis(NOW));
  }

  @Test
  void whatCannotBeToldIsTheLastTimeThatCan() {
    Duration last = Duration.ofMillis(Long.MAX_VALUE - NOW);
    assertEquals(Long.MAX_VALUE - 1, Expiry.after(last.minusMillis(1)).atMillis(NOW));
    assertEquals(Long.MAX_VALUE, Expiry.after(last.minusNanos(1)).atMillis(NOW));
    assertEquals(Long.MAX_VALUE, Expiry.after(last).atMillis(NOW));
    assertEquals(Long.MAX_VALUE, Expiry.after(last.plusNanos(1)).atMillis(NOW));
    Duration longest = ChronoUnit.FOREVER.getDuration();
    assertEquals(Long.MAX_VALUE, Expiry.after(longest).atMillis(0));
    assertEquals(Long.MAX_VALUE, Expiry.after(longest).atMillis(NOW));
    assertEquals(Long.MAX_VALUE, Expiry.at(Instant.MAX).atMillis(NOW));
  }
}
