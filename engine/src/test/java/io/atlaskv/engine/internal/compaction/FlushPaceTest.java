package io.atlaskv.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FlushPaceTest {
  private static final long MEMTABLE_BYTES = 64 << 20;
  private static final long FLUSH_NANOS = 200_000_000;
  private static final double PACE = (double) FLUSH_NANOS / MEMTABLE_BYTES;

  @Test
  void nobodyIsSlowedDownBeforeTheFirstFlush() {
    assertThat(new FlushPace().nanosPerByte(0.99, 1)).isZero();
  }

  @Test
  void anEmptyMemtableIsFilledAtHalfThePaceAndAFullerOneMoreSlowly() {
    var pace = new FlushPace();
    pace.flushed(MEMTABLE_BYTES, FLUSH_NANOS);
    assertThat(pace.nanosPerByte(0, 1)).isCloseTo(2 * PACE, within(1e-9));
    assertThat(pace.nanosPerByte(0.5, 1)).isCloseTo(4 * PACE, within(1e-9));
    assertThat(pace.nanosPerByte(0.5, 0.25)).isCloseTo(16 * PACE, within(1e-9));
  }

  /// A flush may take several times what the last one took before a writer who takes all it may
  /// finds the memtable full.
  @Test
  void aMemtableLastsForManyFlushes() {
    var pace = new FlushPace();
    pace.flushed(MEMTABLE_BYTES, FLUSH_NANOS);
    double nanos = 0;
    for (long used = 0; used < MEMTABLE_BYTES; used += 1024) {
      nanos += 1024 * pace.nanosPerByte((double) used / MEMTABLE_BYTES, 1);
    }
    assertThat(nanos / FLUSH_NANOS).isBetween(8.0, 20.0);
  }

  @Test
  void writersNeverStandStill() {
    var pace = new FlushPace();
    pace.flushed(1, Long.MAX_VALUE);
    assertThat(pace.nanosPerByte(5, 1e-6)).isEqualTo(1_000);
  }

  @Test
  void thePaceFollowsWhatFlushesTake() {
    var pace = new FlushPace();
    pace.flushed(MEMTABLE_BYTES, FLUSH_NANOS);
    pace.flushed(MEMTABLE_BYTES, 5 * FLUSH_NANOS);
    assertThat(pace.nanosPerByte(0, 1)).isCloseTo(2 * 2 * PACE, within(1e-9));
    for (int i = 0; i < 40; i++) {
      pace.flushed(MEMTABLE_BYTES, 5 * FLUSH_NANOS);
    }
    assertThat(pace.nanosPerByte(0, 1)).isCloseTo(2 * 5 * PACE, within(1e-3));
  }
}
