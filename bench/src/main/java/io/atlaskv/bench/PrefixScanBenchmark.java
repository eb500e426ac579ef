package io.atlaskv.bench;

import com.sun.management.OperatingSystemMXBean;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Question: what does a scan of a prefix cost over tables that overlap, with a prefix filter and
/// without, and what does the filter cost in writes and bytes?
///
/// Rows of 16 + 100 bytes, half of each value random, 10 behind each prefix of 8 bytes; all rows of
/// a prefix in one table, each table with prefixes from the first to the last. Prints, for each
/// scan, CPU time of the thread that scans, blocks looked for and blocks read from files; for each
/// row written and flushed CPU time of the process, and bytes of the table. Each line is a store
/// filled, and opened, anew, all lines in turns. Arguments, each `name=value`: `rows` (800000),
/// `tables` (8), `scans` (50000), `turns` (3), `memory` in MiB for blocks (`256,8`).
public final class PrefixScanBenchmark {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int PREFIX_BYTES = 8;
  private static final int ROWS_PER_PREFIX = 10;
  private static final int[] LENGTHS = {0, PREFIX_BYTES};
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int rows;
  private final int tables;
  private final int scans;
  private final SplittableRandom random = new SplittableRandom(7);
  private final byte[] value = new byte[VALUE_BYTES];
  private long sink;

  private PrefixScanBenchmark(int rows, int tables, int scans) {
    this.rows = rows;
    this.tables = tables;
    this.scans = scans;
  }

  /// What is scanned.
  private enum Scan {
    /// No row begins so.
    ABSENT,
    /// Ten rows of one table do.
    PRESENT,
    /// Up to ten rows from a key on: no filter can be asked.
    UNBOUNDED
  }

  /// What is asked for.
  ///
  /// @param memory MiB for blocks
  record Plan(int rows, int tables, int scans, int turns, List<Integer> memory) {
    private static final String USAGE =
        "usage: bench/prefix-scan [rows=N] [tables=N] [scans=N] [turns=N] [memory=MIB,...]";

    static Plan parse(String... arguments) {
      int rows = 800_000;
      int tables = 8;
      int scans = 50_000;
      int turns = 3;
      var memory = List.of(256, 8);
      for (String argument : arguments) {
        String name = argument.substring(0, Math.max(0, argument.indexOf('=')));
        String text = argument.substring(argument.indexOf('=') + 1);
        switch (name) {
          case "rows" -> rows = number(name, text);
          case "tables" -> tables = number(name, text);
          case "scans" -> scans = number(name, text);
          case "turns" -> turns = number(name, text);
          case "memory" ->
              memory = Arrays.stream(text.split(",", -1)).map(mib -> number(name, mib)).toList();
          default ->
              throw new IllegalArgumentException("unknown argument " + argument + "\n" + USAGE);
        }
      }
      return new Plan(rows, tables, scans, turns, memory);
    }

    private static int number(String name, String text) {
      return Numbers.number(name, text, 1, USAGE);
    }
  }

  public static void main(String[] args) throws IOException {
    Plan plan = Arguments.orExit(() -> Plan.parse(args));
    new PrefixScanBenchmark(plan.rows, plan.tables, plan.scans).run(plan.turns, plan.memory);
  }

  private void run(int turns, List<Integer> memory) throws IOException {
    var writes = new Lines();
    var reads = new Lines();
    for (int turn = -1; turn < turns; turn++) { // one for the compiler
      for (int length : LENGTHS) {
        try (var scratch = TemporaryDirectory.create("prefix-scan")) {
          List<String> written = fill(scratch.path(), length);
          if (turn >= 0) {
            writes.add(name(length), written);
          }
          for (int mib : memory) {
            for (Scan scan : Scan.values()) {
              List<String> read = measure(scratch.path(), (long) mib << 20, scan);
              if (turn >= 0) {
                reads.add(mib + " MiB, " + scan + ", " + name(length), read);
              }
            }
          }
        }
      }
    }
    System.out.println("\n| writes | CPU-µs a row | bytes a row |\n|---|---|---|");
    writes.print();
    System.out.println(
        "\n| scans | CPU-µs | blocks | blocks read | skipped |\n|---|---|---|---|---|");
    reads.print();
    if (sink == 42) {
      System.out.println();
    }
  }

  private static String name(int length) {
    return length == 0 ? "none" : length + " bytes";
  }

  /// Lines of a table, each with the figures of all turns.
  private static final class Lines {
    private final List<String> names = new ArrayList<>();
    private final List<List<String>> figures = new ArrayList<>();

    void add(String name, List<String> turn) {
      int line = names.indexOf(name);
      if (line < 0) {
        names.add(name);
        figures.add(new ArrayList<>(turn));
        return;
      }
      for (int i = 0; i < turn.size(); i++) {
        figures.get(line).set(i, figures.get(line).get(i) + ", " + turn.get(i));
      }
    }

    void print() {
      for (int line = 0; line < names.size(); line++) {
        System.out.println(
            "| " + names.get(line) + " | " + String.join(" | ", figures.get(line)) + " |");
      }
    }
  }

  private static byte[] key(long prefix, long number) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(0, prefix).putLong(8, number).array();
  }

  private byte[] value() {
    for (int i = 0; i < VALUE_BYTES / 2; i += Long.BYTES) {
      ByteBuffer.wrap(value).putLong(i, random.nextLong());
    }
    return value;
  }

  private int prefixes() {
    return rows / ROWS_PER_PREFIX;
  }

  private static KeyValueStore namespace(Db db) {
    return db.namespace("rows");
  }

  private List<String> fill(Path directory, int prefixBytes) {
    NamespaceOptions unmerged =
        NamespaceOptions.DEFAULT
            .withCompaction(new CompactionStyle.SizeTiered(32, 1, 0, Duration.ZERO))
            .withPrefixBytes(prefixBytes);
    try (Db db = AtlasKv.open(directory, Options.DEFAULT.withMemtableBytes(64 << 20))) {
      KeyValueStore namespace = db.namespace("rows", unmerged);
      long start = SYSTEM.getProcessCpuTime();
      for (int table = 0; table < tables; table++) {
        for (int prefix = table; prefix < prefixes(); prefix += tables) {
          for (int i = 0; i < ROWS_PER_PREFIX; i++) {
            namespace.put(key(2L * prefix, i), value());
          }
        }
        db.flush();
      }
      long nanos = SYSTEM.getProcessCpuTime() - start;
      Statistics after = db.statistics();
      int found = after.levels().getFirst().tables();
      if (found < tables) {
        throw new IllegalStateException(found + " tables");
      }
      return List.of(
          text("%.3f", nanos / 1e3 / rows), text("%.2f", (double) after.flushedBytes() / rows));
    }
  }

  private List<String> measure(Path directory, long cacheBytes, Scan scan) {
    try (Db db = AtlasKv.open(directory, Options.DEFAULT.withBlockCacheBytes(cacheBytes))) {
      KeyValueStore namespace = namespace(db);
      scan(namespace, scan);
      Statistics before = db.statistics();
      long start = THREADS.getCurrentThreadCpuTime();
      scan(namespace, scan);
      long nanos = THREADS.getCurrentThreadCpuTime() - start;
      Statistics after = db.statistics();
      long read = after.blockCacheMisses() - before.blockCacheMisses();
      long cached = after.blockCacheHits() - before.blockCacheHits();
      long skipped = after.prefixFilterSkipped() - before.prefixFilterSkipped();
      return List.of(
          text("%.2f", nanos / 1e3 / scans),
          text("%.2f", (double) (read + cached) / scans),
          text("%.2f", (double) read / scans),
          text("%.2f", (double) skipped / scans));
    }
  }

  private void scan(KeyValueStore namespace, Scan kind) {
    for (int i = 0; i < scans; i++) {
      long prefix = 2L * random.nextInt(prefixes());
      Range range =
          switch (kind) {
            case ABSENT -> Range.prefix(prefix(prefix + 1));
            case PRESENT -> Range.prefix(prefix(prefix));
            case UNBOUNDED -> Range.atLeast(prefix(prefix));
          };
      try (Cursor cursor = namespace.range(range).limit(ROWS_PER_PREFIX).open()) {
        for (; cursor.isValid(); cursor.next()) {
          sink += cursor.valueLength();
        }
      }
    }
  }

  private static byte[] prefix(long number) {
    return ByteBuffer.allocate(PREFIX_BYTES).putLong(number).array();
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
