package io.atlaskv.bench;

import com.sun.management.OperatingSystemMXBean;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Question: what does a point read cost with so much memory for blocks and so much for single
/// rows, by how unevenly keys are read, and whether some are written meanwhile?
///
/// Rows of 16 + 100 bytes, half of each value random; popularity has nothing to do with key order.
/// One thread. Prints CPU time of the whole process for each operation, and blocks read from files
/// for each read. Each line is a store opened anew, so many reads to warm up and as many measured,
/// all lines in turns. Arguments, each `name=value`: `rows` (1000000), `operations` (1000000),
/// `turns` (2), `memory` in MiB for blocks and rows (`32+0,28+4,24+8,16+16,32+8`), `loads`
/// (`zipf0.99,zipf0.8,uniform,fits`, each with `+writes` behind it for one write in ten).
public final class RowCacheBenchmark {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int WRITE_EVERY = 10;
  private static final long FITTING_ROWS_FRACTION = 20;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final int rows;
  private final int operations;
  private final int[] order; // key by popularity
  private final SplittableRandom random = new SplittableRandom(7);
  private final byte[] value = new byte[VALUE_BYTES];
  private long sink;

  private RowCacheBenchmark(int rows, int operations) {
    this.rows = rows;
    this.operations = operations;
    order = new int[rows];
    for (int i = 0; i < rows; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
  }

  /// Chooses the rank of the next key: 0 is the most popular.
  private interface Ranks {
    int next();
  }

  /// What is asked for.
  ///
  /// @param memory MiB for blocks and rows
  record Plan(int rows, int operations, int turns, List<String> memory, List<String> loads) {
    private static final String USAGE =
        "usage: bench/row-cache [rows=N] [operations=N] [turns=N] [memory=MIB+MIB,...]"
            + " [loads=uniform|fits|zipfEXPONENT[+writes],...]";

    static Plan parse(String... arguments) {
      int rows = 1_000_000;
      int operations = 1_000_000;
      int turns = 2;
      var memory = List.of("32+0", "28+4", "24+8", "16+16", "32+8");
      var loads = List.of("zipf0.99", "zipf0.8", "uniform", "fits");
      for (String argument : arguments) {
        String name = argument.substring(0, Math.max(0, argument.indexOf('=')));
        String text = argument.substring(argument.indexOf('=') + 1);
        switch (name) {
          case "rows" -> rows = Numbers.number(name, text, (int) FITTING_ROWS_FRACTION, USAGE);
          case "operations" -> operations = Numbers.number(name, text, 1, USAGE);
          case "turns" -> turns = Numbers.number(name, text, 1, USAGE);
          case "memory" -> memory = words(name, text, "[0-9]{1,6}\\+[0-9]{1,6}");
          case "loads" ->
              loads = words(name, text, "(uniform|fits|zipf[0-9]+(\\.[0-9]+)?)(\\+writes)?");
          default ->
              throw new IllegalArgumentException("unknown argument " + argument + "\n" + USAGE);
        }
      }
      return new Plan(rows, operations, turns, memory, loads);
    }

    private static List<String> words(String name, String text, String form) {
      List<String> words = List.of(text.split(",", -1));
      for (String word : words) {
        if (!word.matches(form)) {
          throw new IllegalArgumentException(name + " '" + word + "'\n" + USAGE);
        }
      }
      return words;
    }
  }

  public static void main(String[] args) throws IOException {
    Plan plan = Arguments.orExit(() -> Plan.parse(args));
    new RowCacheBenchmark(plan.rows, plan.operations).run(plan);
  }

  private void run(Plan plan) throws IOException {
    List<String> memory = plan.memory;
    try (var scratch = TemporaryDirectory.create("row-cache")) {
      Path directory = scratch.path();
      fill(directory);
      measure(directory, memory.getFirst(), "uniform"); // for the compiler
      for (String load : plan.loads) {
        System.out.println("\n| " + load + ", MiB | CPU-µs | blocks read | row hits | row MiB |");
        System.out.println("|---|---|---|---|---|");
        var lines = new ArrayList<List<String>>();
        for (int turn = 0; turn < plan.turns; turn++) {
          for (int i = 0; i < memory.size(); i++) {
            List<String> figures = measure(directory, memory.get(i), load);
            if (turn == 0) {
              lines.add(new ArrayList<>(figures));
            } else {
              for (int f = 0; f < figures.size(); f++) {
                lines.get(i).set(f, lines.get(i).get(f) + ", " + figures.get(f));
              }
            }
          }
        }
        for (int i = 0; i < memory.size(); i++) {
          System.out.println(
              "| " + memory.get(i) + " | " + String.join(" | ", lines.get(i)) + " |");
        }
      }
    }
    if (sink == 42) {
      System.out.println();
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(0, number).putLong(8, number * 31).array();
  }

  private byte[] value() {
    for (int i = 0; i < VALUE_BYTES / 2; i += Long.BYTES) {
      ByteBuffer.wrap(value).putLong(i, random.nextLong());
    }
    return value;
  }

  private void fill(Path directory) {
    try (Db db = AtlasKv.open(directory, Options.DEFAULT)) {
      for (int i = 0; i < rows; i++) {
        db.put(key(i), value());
      }
      db.flush();
      db.compact();
    }
  }

  private List<String> measure(Path directory, String memory, String load) {
    boolean writes = load.endsWith("+writes");
    String reads = writes ? load.substring(0, load.indexOf('+')) : load;
    Ranks ranks =
        switch (reads) {
          case "uniform" -> () -> random.nextInt(rows);
          case "fits" -> () -> random.nextInt((int) (rows / FITTING_ROWS_FRACTION));
          default ->
              new Zipf(rows, Double.parseDouble(reads.substring("zipf".length())), random)::next;
        };
    Options options =
        Options.DEFAULT
            .withBlockCacheBytes(mib(memory.substring(0, memory.indexOf('+'))))
            .withRowCacheBytes(mib(memory.substring(memory.indexOf('+') + 1)))
            .withMemtableBytes(4 << 20);
    boolean isScattered = !reads.equals("fits");
    try (Db db = AtlasKv.open(directory, options)) {
      operate(db, ranks, isScattered, writes);
      Statistics before = db.statistics();
      long start = SYSTEM.getProcessCpuTime();
      operate(db, ranks, isScattered, writes);
      long nanos = SYSTEM.getProcessCpuTime() - start;
      Statistics after = db.statistics();
      double readCount = writes ? operations * (1 - 1.0 / WRITE_EVERY) : operations;
      return List.of(
          text("%.2f", nanos / 1e3 / operations),
          text("%.3f", (after.blockCacheMisses() - before.blockCacheMisses()) / readCount),
          text("%.3f", (after.rowCacheHits() - before.rowCacheHits()) / readCount),
          text("%.1f", (double) after.rowCacheBytes() / (1 << 20)));
    }
  }

  private static long mib(String count) {
    return Long.parseLong(count) << 20;
  }

  private void operate(Db db, Ranks ranks, boolean isScattered, boolean writes) {
    for (int i = 0; i < operations; i++) {
      int rank = ranks.next();
      byte[] key = key(isScattered ? order[rank] : rank);
      if (writes && i % WRITE_EVERY == 0) {
        db.put(key, value());
      } else {
        byte[] found = db.get(key);
        sink += found == null ? 0 : found[0];
      }
    }
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
