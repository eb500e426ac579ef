package io.atlaskv.bench.tuning;

import io.atlaskv.bench.engine.Crew;
import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.bench.engine.LatencyHistogram;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.DoubleStream;

/// How many threads put entries, each one after the other, at each durability, for a second.
final class DurabilityKnob implements Knob {
  private static final List<Integer> THREADS = List.of(1, 2, 4, 8, 16);
  private static final List<Mode> MODES =
      List.of(
          new Mode("OS", Durability.OS),
          new Mode("interval of 100 ms", Durability.interval(Duration.ofMillis(100))),
          new Mode("ALWAYS", Durability.ALWAYS));
  private static final long NANOS = 1_000_000_000L;

  private final DataSet data;

  DurabilityKnob(DataSet data) {
    this.data = data;
  }

  /// What is compared.
  private record Mode(String title, Durability durability) {}

  /// What one mode showed.
  private record Outcome(double putsPerSecond, double p50Micros, double p99Micros) {}

  @Override
  public String name() {
    return "durability";
  }

  @Override
  public String description() {
    return "Threads that each put entries one after the other, for a second, at each durability.";
  }

  @Override
  public String axis() {
    return "threads";
  }

  @Override
  public List<String> settings() {
    return THREADS.stream().map(String::valueOf).toList();
  }

  @Override
  public List<Figure> figures() {
    var figures = new ArrayList<Figure>();
    for (var mode : MODES) {
      figures.add(new Figure("puts a second", mode.title, "%,.0f", true));
      figures.add(new Figure("p50, µs", mode.title, "%.1f", true));
      figures.add(new Figure("p99, µs", mode.title, "%.1f", true));
    }
    return figures;
  }

  @Override
  public double[] measure(int setting, Path directory) {
    return MODES.stream()
        .map(mode -> run(mode, THREADS.get(setting), directory))
        .flatMapToDouble(
            outcome -> DoubleStream.of(outcome.putsPerSecond, outcome.p50Micros, outcome.p99Micros))
        .toArray();
  }

  private Outcome run(Mode mode, int threads, Path directory) {
    var options = Options.DEFAULT.withDurability(mode.durability).withMemtableBytes(64 << 20);
    try (var home = new TemporaryDirectory(directory.resolve("store"));
        Db db = AtlasKv.open(home.path(), options)) {
      var writers = new ArrayList<Writer>();
      var crew = new Crew();
      var isOver = new AtomicBoolean();
      for (int i = 0; i < threads; i++) {
        var writer = new Writer(db, data, i * (data.entries() / threads), isOver);
        writers.add(writer);
        crew.add("writer-" + i, writer);
      }
      crew.go();
      crew.join();
      var latencies = new LatencyHistogram();
      long puts = 0;
      long nanos = 0;
      for (var writer : writers) {
        latencies.add(writer.latencies);
        puts += writer.puts;
        nanos = Math.max(nanos, writer.nanos);
      }
      return new Outcome(
          puts * 1e9 / nanos, latencies.percentile(50) / 1e3, latencies.percentile(99) / 1e3);
    }
  }

  /// Puts entries of its own until the time is over.
  private static final class Writer implements Runnable {
    final LatencyHistogram latencies = new LatencyHistogram();
    long puts;
    long nanos;

    private final Db db;
    private final DataSet data;
    private final int first;
    private final AtomicBoolean isOver;

    Writer(Db db, DataSet data, int first, AtomicBoolean isOver) {
      this.db = db;
      this.data = data;
      this.first = first;
      this.isOver = isOver;
    }

    @Override
    public void run() {
      var entries = new Puts(db, data);
      long start = System.nanoTime();
      while (!isOver.get()) {
        long before = System.nanoTime();
        entries.some(Math.floorMod(first + puts, data.entries()), 1, 0);
        latencies.record(System.nanoTime() - before);
        puts++;
        if (before - start > NANOS) {
          isOver.set(true);
        }
      }
      nanos = System.nanoTime() - start;
    }
  }
}
