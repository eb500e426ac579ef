package io.atlaskv.engine.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/// When a value expires: from that millisecond on, by the clock of the process that reads, nobody
/// sees it any more, as if its key had been deleted. Immutable.
public sealed interface Expiry {

  /// So long after the write: of a batch, the write of the batch.
  ///
  /// @param delay positive; counts in milliseconds, rounded up
  record After(Duration delay) implements Expiry {
    public After {
      if (!delay.isPositive()) {
        throw new IllegalArgumentException("delay=" + delay);
      }
    }

    @Override
    public long atMillis(long nowMillis) {
      long nanosPerMilli = 1_000_000;
      Duration last = Duration.ofMillis(Long.MAX_VALUE - nowMillis);
      return delay.compareTo(last) >= 0 // rounded up, the longest have no room
          ? Long.MAX_VALUE
          : nowMillis + delay.plusNanos(nanosPerMilli - 1).toMillis();
    }
  }

  /// At an instant. One that is over makes the write a deletion.
  ///
  /// @param instant counts in milliseconds, rounded down
  record At(Instant instant) implements Expiry {
    public At {
      Objects.requireNonNull(instant, "instant");
    }

    @Override
    public long atMillis(long nowMillis) {
      if (instant.compareTo(Instant.EPOCH) <= 0) {
        return 0;
      }
      return instant.compareTo(Instant.ofEpochMilli(Long.MAX_VALUE)) >= 0
          ? Long.MAX_VALUE
          : instant.toEpochMilli();
    }
  }

  /// So long after the write.
  ///
  /// @throws IllegalArgumentException if the delay is not positive
  static Expiry after(Duration delay) {
    return new After(delay);
  }

  /// At an instant, which may be over.
  static Expiry at(Instant instant) {
    return new At(instant);
  }

  /// When a value expires that is written at `nowMillis`; both in milliseconds since 1970. Times
  /// that cannot be told in milliseconds are the last one that can.
  long atMillis(long nowMillis);
}
