package io.atlaskv.bench.engine;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Numbers;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// Question: what does a namespace get while another one floods the store, with and without shares
/// of the I/O?
///
/// Two clients, each with a namespace of its own and a ceiling for flushes and compactions. One
/// writes as fast as it may; the other one first so many values a second, then as fast as it may,
/// too. Latencies count from when a put was due. Without shares, and with 100 for the flood and 300
/// for the other, in new stores.
public final class ShareBenchmark {
  private static final int VALUE_BYTES = 1_000;
  private static final int KEYS = 200_000;
  private static final int SHARES_OF_FLOOD = 100;
  private static final int SHARES_OF_OTHER = 300;
  private static final long MEMTABLE_BYTES = 8 << 20;

  private final long ceiling;
  private final long warmNanos;
  private final long measuredNanos;
  private final MarkdownTable table =
      new MarkdownTable(
          "the other one writes",
          "shares",
          "flood, puts/s",
          "other, puts/s",
          "other p50 µs",
          "p99 µs",
          "p99.9 µs",
          "longest µs");

  private ShareBenchmark(long ceiling, int seconds) {
    this.ceiling = ceiling;
    measuredNanos = seconds * 1_000_000_000L;
    warmNanos = measuredNanos / 2;
  }

  /// Runs all in a temporary directory and prints a table.
  public static void main(String[] args) throws Exception {
    List<Integer> numbers =
        Numbers.of("bench/shares")
            .with("CEILING-MIB", 32, 1)
            .with("SECONDS", 15, 1)
            .with("PUTS-PER-SECOND", 1_000, 1)
            .parseOrExit(args);
    long ceilingMib = numbers.get(0);
    int seconds = numbers.get(1);
    int putsPerSecond = numbers.get(2);
    var benchmark = new ShareBenchmark(ceilingMib << 20, seconds);
    try (var scratch = TemporaryDirectory.create("shares")) {
      for (int rate : new int[] {putsPerSecond, 0}) {
        benchmark.run(scratch.path().resolve("none" + rate), 0, 0, rate);
        benchmark.run(
            scratch.path().resolve("shares" + rate), SHARES_OF_FLOOD, SHARES_OF_OTHER, rate);
      }
    }
    Environment.here().lines().forEach(System.out::println);
    System.out.printf("- ceiling %d MiB/s, %d s each%n%n", ceilingMib, seconds);
    benchmark.table.lines().forEach(System.out::println);
  }

  private void run(Path directory, int sharesOfFlood, int sharesOfOther, int rate)
      throws IOException, InterruptedException {
    Options options =
        Options.DEFAULT.withCompactionBytesPerSecondMax(ceiling).withMemtableBytes(MEMTABLE_BYTES);
    try (Db db = AtlasKv.open(directory, options)) {
      var flood = new Client(namespace(db, "flood", sharesOfFlood), 0);
      var other = new Client(namespace(db, "other", sharesOfOther), rate);
      flood.start();
      other.start();
      flood.thread.join();
      other.thread.join();
      table.add(
          rate == 0 ? "all it may" : rate + " puts/s",
          sharesOfOther == 0 ? "none" : sharesOfFlood + " : " + sharesOfOther,
          perSecond(flood),
          perSecond(other),
          micros(other.latencies.percentile(50)),
          micros(other.latencies.percentile(99)),
          micros(other.latencies.percentile(99.9)),
          micros(other.latencies.percentile(100)));
    }
    TemporaryDirectory.delete(directory);
  }

  private static KeyValueStore namespace(Db db, String name, int shares) {
    return db.namespace(name, NamespaceOptions.DEFAULT.withIoShares(shares));
  }

  private String perSecond(Client client) {
    return Long.toString(client.puts * 1_000_000_000L / measuredNanos);
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
  }

  /// Puts values until the time is over.
  private final class Client {
    final KeyValueStore namespace;
    final long periodNanos; // 0: at once
    final LatencyHistogram latencies = new LatencyHistogram();
    final Thread thread;
    long puts;

    Client(KeyValueStore namespace, int rate) {
      this.namespace = namespace;
      periodNanos = rate == 0 ? 0 : 1_000_000_000L / rate;
      thread = Thread.ofPlatform().name(namespace.name()).unstarted(this::run);
    }

    void start() {
      thread.start();
    }

    private void run() {
      var random = new SplittableRandom(namespace.name().hashCode());
      byte[] value = new byte[VALUE_BYTES];
      long start = System.nanoTime();
      long due = start;
      while (due - start < warmNanos + measuredNanos) {
        due = periodNanos == 0 ? System.nanoTime() : due + periodNanos;
        long wait = due - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        }
        random.nextBytes(value);
        byte[] key =
            ByteBuffer.allocate(Long.BYTES)
                .putLong(random.nextInt(KEYS) * 0x9E3779B97F4A7C15L)
                .array();
        namespace.put(key, value);
        if (due - start >= warmNanos) {
          latencies.record(System.nanoTime() - due);
          puts++;
        }
      }
    }
  }
}
