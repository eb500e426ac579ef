package io.atlaskv.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private static Histogram of(long... nanos) {
    long[] counts = new long[Histogram.SIZE];
    for (long time : nanos) {
      counts[Histogram.classOf(time)]++;
    }
    return new Histogram(counts, Arrays.stream(nanos).sum());
  }

  @Test
  void classesRiseWithoutGapsAndAreNarrow() {
    for (long nanos = 0; nanos < 100_000; nanos++) {
      int step = Histogram.classOf(nanos + 1) - Histogram.classOf(nanos);
      assertThat(step).as("after %d", nanos).isBetween(0, 1);
      long told = of(nanos).quantileNanos(1);
      assertThat(told).isBetween(nanos, nanos + nanos / 8);
    }
    assertEquals(Histogram.SIZE - 1, Histogram.classOf(Long.MAX_VALUE));
    assertEquals(0, Histogram.classOf(-1));
  }

  @Test
  void quantilesAreThoseOfTheTimes() {
    var random = new Random(SEED);
    long[] nanos = random.longs(10_000, 0, 1L << 38).map(n -> n >>> random.nextInt(38)).toArray();
    Histogram histogram = of(nanos);
    Arrays.sort(nanos);
    assertEquals(nanos.length, histogram.count());
    assertEquals(Arrays.stream(nanos).sum(), histogram.totalNanos());
    for (double share : new double[] {0, 0.01, 0.5, 0.9, 0.999, 1}) {
      long exact = nanos[(int) Math.max(0, Math.ceil(share * nanos.length) - 1)];
      assertThat(histogram.quantileNanos(share)).isBetween(exact, exact + exact / 8);
    }
  }

  @Test
  void nothingMeasured() {
    assertEquals(0, of().quantileNanos(0.5));
    assertThrows(IllegalArgumentException.class, () -> of().quantileNanos(1.1));
    assertThrows(IllegalArgumentException.class, () -> new Histogram(new long[3], 0));
  }
}
