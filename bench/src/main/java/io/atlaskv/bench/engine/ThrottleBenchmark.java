package io.atlaskv.bench.engine;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Numbers;
import io.atlaskv.bench.Samples;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Question: what do reads and writes wait for while tables are merged, and what does a ceiling for
/// the merges bring?
///
/// One client does 9 gets of random keys and a put in turn, so many a second; latencies count from
/// when an operation was due, so that what a stall puts off is seen in all that it puts off. First
/// while nothing else happens; then, after a fifth of the keys was overwritten, while `compact()`
/// merges all tables, as long as that takes, for 5 seconds at most. Both without a ceiling and with
/// one, in turns, in stores of the same content.
public final class ThrottleBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final int POOL_BYTES = 1 << 20;
  private static final int OPERATIONS_OF_A_PUT = 10;
  private static final int OVERWRITTEN_PART = 5;
  private static final long PHASE_NANOS = 5_000_000_000L;
  private static final long WARM_NANOS = 2_000_000_000L;

  /// What goes on beside the client.
  private enum Phase {
    IDLE("idle"),
    FREE("merge, no ceiling"),
    THROTTLED("merge, ceiling");

    final String title;

    Phase(String title) {
      this.title = title;
    }
  }

  /// What one phase of one round showed, in microseconds.
  private record Outcome(double p50, double p99, double p999, double longest, double seconds) {}

  private final int entries;
  private final long periodNanos;
  private final byte[] pool = new byte[POOL_BYTES];
  private final SplittableRandom random = new SplittableRandom(42);
  private final Map<Phase, List<Outcome>> outcomes = new EnumMap<>(Phase.class);

  private ThrottleBenchmark(int entries, int operationsPerSecond) {
    this.entries = entries;
    periodNanos = 1_000_000_000L / operationsPerSecond;
    new SplittableRandom(1).nextBytes(pool);
  }

  /// Runs all rounds in a temporary directory and prints a table.
  public static void main(String[] args) throws Exception {
    List<Integer> numbers =
        Numbers.of("bench/throttle")
            .with("ROUNDS", 3, 1)
            .with("CEILING-MIB", 16, 1)
            .with("ENTRIES", 1_000_000, OVERWRITTEN_PART)
            .with("OPERATIONS-PER-SECOND", 5_000, 1)
            .parseOrExit(args);
    int rounds = numbers.get(0);
    long ceilingMib = numbers.get(1);
    int entries = numbers.get(2);
    int operations = numbers.get(3);
    var benchmark = new ThrottleBenchmark(entries, operations);
    try (var scratch = TemporaryDirectory.create("throttle")) {
      for (int round = 0; round <= rounds; round++) { // the first one warms up
        boolean isCounted = round > 0;
        benchmark.round(scratch.path().resolve("free" + round), 0, isCounted);
        benchmark.round(scratch.path().resolve("throttled" + round), ceilingMib << 20, isCounted);
      }
    }
    Environment.here().lines().forEach(System.out::println);
    System.out.printf(
        "- %d entries, %d operations/s, ceiling %d MiB/s, %d rounds%n%n",
        entries, operations, ceilingMib, rounds);
    benchmark.table().lines().forEach(System.out::println);
  }

  private void round(Path directory, long ceiling, boolean isCounted)
      throws IOException, InterruptedException {
    Options options = Options.DEFAULT.withCompactionBytesPerSecondMax(ceiling);
    try (Db db = AtlasKv.open(directory, Options.DEFAULT)) {
      for (int i = 0; i < entries; i++) {
        db.put(key(i), value());
      }
      db.compact();
    }
    Thread merge;
    try (Db db = AtlasKv.open(directory, options)) {
      measure(db, null, WARM_NANOS);
      Outcome idle = measure(db, null, PHASE_NANOS);
      for (int i = 0; i < entries / OVERWRITTEN_PART; i++) {
        db.put(anyKey(), value());
      }
      db.flush();
      merge = Thread.ofPlatform().name("merge").start(() -> compact(db));
      Outcome merging = measure(db, merge, PHASE_NANOS);
      if (isCounted) {
        count(Phase.IDLE, idle);
        count(ceiling == 0 ? Phase.FREE : Phase.THROTTLED, merging);
      }
    }
    merge.join();
    TemporaryDirectory.delete(directory);
  }

  private void count(Phase phase, Outcome outcome) {
    outcomes.computeIfAbsent(phase, _ -> new ArrayList<>()).add(outcome);
  }

  private static void compact(Db db) {
    try {
      db.compact();
    } catch (ClosedException _) {
      // the time to measure was over before the merge
    }
  }

  /// Operations at their times until `nanos` have passed or `beside` has ended.
  private Outcome measure(Db db, @Nullable Thread beside, long nanos) {
    var latencies = new LatencyHistogram();
    long start = System.nanoTime();
    long due = start;
    for (int i = 0; due - start < nanos && (beside == null || beside.isAlive()); i++) {
      due += periodNanos;
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      if (i % OPERATIONS_OF_A_PUT == 0) {
        db.put(anyKey(), value());
      } else if (db.get(anyKey()) == null) {
        throw new IllegalStateException("an entry is lost");
      }
      latencies.record(System.nanoTime() - due);
    }
    return new Outcome(
        latencies.percentile(50) / 1e3,
        latencies.percentile(99) / 1e3,
        latencies.percentile(99.9) / 1e3,
        latencies.percentile(100) / 1e3,
        (System.nanoTime() - start) / 1e9);
  }

  private byte[] anyKey() {
    return key(random.nextInt(entries));
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16)
        .putLong(0x6b65793a6b65793aL)
        .putLong(number * 0x9E3779B97F4A7C15L)
        .array();
  }

  /// Half random, half of one byte.
  private byte[] value() {
    byte[] value = new byte[VALUE_BYTES];
    int at = random.nextInt(POOL_BYTES - VALUE_BYTES);
    System.arraycopy(pool, at, value, 0, VALUE_BYTES / 2);
    return value;
  }

  private MarkdownTable table() {
    var table =
        new MarkdownTable(
            "beside the client",
            "p50 µs",
            "p99 µs",
            "p99.9 µs",
            "longest µs",
            "seconds of it",
            "p99 against idle");
    double idle = median(Phase.IDLE, Outcome::p99);
    for (Phase phase : Phase.values()) {
      table.add(
          phase.title,
          text(median(phase, Outcome::p50)),
          text(median(phase, Outcome::p99)),
          text(median(phase, Outcome::p999)),
          text(new Samples(figures(phase, Outcome::longest)).greatest()),
          text(median(phase, Outcome::seconds)),
          String.format(Locale.ROOT, "%.2f", median(phase, Outcome::p99) / idle));
    }
    return table;
  }

  private interface Figure {
    double of(Outcome outcome);
  }

  private double median(Phase phase, Figure figure) {
    return new Samples(figures(phase, figure)).median();
  }

  private List<Double> figures(Phase phase, Figure figure) {
    var figures = new ArrayList<Double>();
    for (Outcome outcome : outcomes.getOrDefault(phase, List.of())) {
      figures.add(figure.of(outcome));
    }
    return figures;
  }

  private static String text(double figure) {
    return String.format(Locale.ROOT, "%.1f", figure);
  }
}
