package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.Histogram;
import io.atlaskv.engine.api.Stage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;

/// Measures stages. Any thread; threads have cells of their own as far as these go. Who measures
/// decides how often: it takes some 100 ns.
public final class StageTimes {
  private static final int STRIPES = 4;
  private static final int STRIDE = Histogram.SIZE + 8; // the sum, then the rest of its cache line

  private final Clock clock;
  private final EnumMap<Stage, AtomicLongArray> cells = new EnumMap<>(Stage.class);

  public StageTimes(Clock clock) {
    this.clock = clock;
    for (Stage stage : Stage.values()) {
      cells.put(stage, new AtomicLongArray(STRIPES * STRIDE));
    }
  }

  /// What it measures by.
  public Clock clock() {
    return clock;
  }

  /// Now, to be handed to `record`.
  public long start() {
    return clock.nanoTime();
  }

  /// The stage took from `startNanos` to now, which is the answer.
  public long record(Stage stage, long startNanos) {
    long now = clock.nanoTime();
    add(stage, now - startNanos);
    return now;
  }

  /// The stage took so long.
  public void add(Stage stage, long nanos) {
    AtomicLongArray own = Objects.requireNonNull(cells.get(stage));
    int base = ThreadStripe.of(STRIPES) * STRIDE;
    own.getAndIncrement(base + Histogram.classOf(nanos));
    own.getAndAdd(base + Histogram.SIZE, nanos);
  }

  /// All that was measured so far.
  public Map<Stage, Histogram> histograms() {
    var all = new EnumMap<Stage, Histogram>(Stage.class);
    cells.forEach((stage, own) -> all.put(stage, histogram(own)));
    return Collections.unmodifiableMap(all);
  }

  private static Histogram histogram(AtomicLongArray own) {
    long[] counts = new long[Histogram.SIZE];
    long sum = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      int base = stripe * STRIDE;
      for (int i = 0; i < Histogram.SIZE; i++) {
        counts[i] += own.get(base + i);
      }
      sum += own.get(base + Histogram.SIZE);
    }
    return new Histogram(counts, sum);
  }
}
