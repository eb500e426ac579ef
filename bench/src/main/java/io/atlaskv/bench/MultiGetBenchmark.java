package io.atlaskv.bench;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Question: what does `getAll` cost for each key, against as many calls of `get`, by the number of
/// keys, by whether they lie near each other, and by whether their blocks are in the cache?
///
/// Rows of 16 + 100 bytes, half of each value random, merged to the last level. One thread; prints
/// its CPU time for each key, of all turns. Each turn opens the store anew for each size of the
/// cache, reads once to warm up, then by loops and at once in turns. Arguments, each `name=value`:
/// `rows` (1000000), `keys` (400000), `turns` (3), `batches` (`10,100`), `memory` in MiB for blocks
/// (`256,8`).
public final class MultiGetBenchmark {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int NEAR = 10; // keys of the span that a batch of near keys is drawn from
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Plan plan;
  private final SplittableRandom random = new SplittableRandom(7);
  private long found;

  private MultiGetBenchmark(Plan plan) {
    this.plan = plan;
  }

  /// What is asked for.
  ///
  /// @param memory MiB for blocks
  record Plan(int rows, int keys, int turns, List<Integer> batches, List<Integer> memory) {
    private static final String USAGE =
        "usage: bench/multi-get [rows=N] [keys=N] [turns=N] [batches=N,...] [memory=MIB,...]";

    static Plan parse(String... arguments) {
      int rows = 1_000_000;
      int keys = 400_000;
      int turns = 3;
      var batches = List.of(10, 100);
      var memory = List.of(256, 8);
      for (String argument : arguments) {
        String name = argument.substring(0, Math.max(0, argument.indexOf('=')));
        String text = argument.substring(argument.indexOf('=') + 1);
        switch (name) {
          case "rows" -> rows = Numbers.number(name, text, 1, USAGE);
          case "keys" -> keys = Numbers.number(name, text, 1, USAGE);
          case "turns" -> turns = Numbers.number(name, text, 1, USAGE);
          case "batches" -> batches = numbers(name, text);
          case "memory" -> memory = numbers(name, text);
          default ->
              throw new IllegalArgumentException("unknown argument " + argument + "\n" + USAGE);
        }
      }
      return new Plan(rows, keys, turns, batches, memory);
    }

    private static List<Integer> numbers(String name, String text) {
      return Arrays.stream(text.split(",", -1))
          .map(number -> Numbers.number(name, number, 1, USAGE))
          .toList();
    }
  }

  public static void main(String[] args) throws IOException {
    Plan plan = Arguments.orExit(() -> Plan.parse(args));
    new MultiGetBenchmark(plan).run();
  }

  /// One line of the table.
  private record Line(int mib, int batch, boolean isNear) {
    @Override
    public String toString() {
      return mib + " MiB, " + batch + (isNear ? " near" : " anywhere");
    }
  }

  private void run() throws IOException {
    var lines = new ArrayList<Line>();
    for (int mib : plan.memory) {
      for (int batch : plan.batches) {
        lines.add(new Line(mib, batch, false));
        lines.add(new Line(mib, batch, true));
      }
    }
    var figures = new ArrayList<List<List<Double>>>();
    lines.forEach(_ -> figures.add(new ArrayList<>()));
    try (var scratch = TemporaryDirectory.create("multi-get")) {
      fill(scratch.path());
      for (int turn = -1; turn < plan.turns; turn++) { // one for the compiler
        for (int i = 0; i < lines.size(); i++) {
          List<Double> costs = measure(scratch.path(), lines.get(i));
          if (turn >= 0) {
            figures.get(i).add(costs);
          }
        }
      }
    }
    System.out.println("| cache, keys | get, CPU-µs a key | getAll, CPU-µs a key |\n|---|---|---|");
    for (int i = 0; i < lines.size(); i++) {
      System.out.println(
          "| "
              + lines.get(i)
              + " | "
              + text(figures.get(i), 0)
              + " | "
              + text(figures.get(i), 1)
              + " |");
    }
    System.out.println("found " + found);
  }

  private void fill(Path directory) {
    try (Db db = AtlasKv.open(directory)) {
      byte[] value = new byte[VALUE_BYTES];
      for (int row = 0; row < plan.rows; row++) {
        for (int i = 0; i < VALUE_BYTES / 2; i += Long.BYTES) {
          ByteBuffer.wrap(value).putLong(i, random.nextLong());
        }
        db.put(key(row), value);
      }
      db.compact();
    }
  }

  private static byte[] key(long row) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(0, row).putLong(8, ~row).array();
  }

  private List<List<byte[]>> batches(Line line) {
    var batches = new ArrayList<List<byte[]>>();
    int span = Math.min(plan.rows, line.isNear ? NEAR * line.batch : plan.rows);
    for (int keys = 0; keys < plan.keys; keys += line.batch) {
      int from = random.nextInt(plan.rows - span + 1);
      var batch = new ArrayList<byte[]>();
      for (int i = 0; i < line.batch; i++) {
        batch.add(key(from + random.nextInt(span)));
      }
      batches.add(batch);
    }
    return batches;
  }

  private List<Double> measure(Path directory, Line line) {
    Options options = Options.DEFAULT.withBlockCacheBytes((long) line.mib << 20);
    try (Db db = AtlasKv.open(directory, options)) {
      for (long row = 0; row < plan.rows; row++) {
        count(db.get(key(row))); // all that fits is cached
      }
      oneByOne(db, batches(line));
      together(db, batches(line));
      return List.of(oneByOne(db, batches(line)), together(db, batches(line)));
    }
  }

  private static String text(List<List<Double>> turns, int column) {
    return turns.stream()
        .map(turn -> String.format(Locale.ROOT, "%.2f", turn.get(column)))
        .collect(Collectors.joining(", "));
  }

  private void count(byte @Nullable [] value) {
    found += Objects.requireNonNull(value).length;
  }

  private double oneByOne(Db db, List<List<byte[]>> batches) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (List<byte[]> batch : batches) {
      for (byte[] key : batch) {
        count(db.get(key));
      }
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / plan.keys;
  }

  private double together(Db db, List<List<byte[]>> batches) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (List<byte[]> batch : batches) {
      for (byte[] value : db.getAll(batch)) {
        count(value);
      }
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / plan.keys;
  }
}
