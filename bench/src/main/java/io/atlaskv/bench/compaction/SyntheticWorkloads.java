package io.atlaskv.bench.compaction;

import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.compaction.SimulatedTree.Entry;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/// What each compaction style costs on the same writes: the store's own planners on tables without
/// bytes, 16 MiB a memtable, 4 KiB an entry, 160,000 keys, 400 flushes, 10 s apart. Prints a table;
/// with a file name as its argument also draws it (SVG).
final class SyntheticWorkloads {
  private static final int KEYS = 160_000;
  private static final int ENTRIES_PER_FLUSH = 4_096;
  private static final int FLUSHES = 400;
  private static final int FLUSHES_BETWEEN_LOOKS = 17;
  private static final int READS = 1_000;
  private static final long ENTRY_BYTES = 4 << 10;
  private static final long FLUSH_MILLIS = 10_000;
  private static final long BEGIN_MILLIS = 1_000_000_000;
  private static final long LIFE_MILLIS = 100 * FLUSH_MILLIS;
  private static final Duration WINDOW = Duration.ofMillis(10 * FLUSH_MILLIS);

  private SyntheticWorkloads() {}

  /// Which keys are written.
  private enum Workload {
    OVERWRITES("overwrites, evenly spread", 0),
    HOT_KEYS("overwrites, 90 % of them of a tenth of the keys", 0),
    NEW_KEYS("new keys in order", 0),
    EXPIRING("keys by time that expire", LIFE_MILLIS);

    private final String title;
    private final long lifeMillis;

    Workload(String title, long lifeMillis) {
      this.title = title;
      this.lifeMillis = lifeMillis;
    }

    int key(Random random, int written) {
      return switch (this) {
        case OVERWRITES -> random.nextInt(KEYS);
        case HOT_KEYS -> random.nextInt(random.nextInt(10) == 0 ? KEYS : KEYS / 10);
        case NEW_KEYS, EXPIRING -> written;
      };
    }
  }

  /// Amplifications of one style on one workload.
  record Outcome(String workload, String style, double write, double space, double read) {}

  static void compare(List<String> arguments) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      outcomes.add(run(workload, "leveled", CompactionStyle.LEVELED));
      outcomes.add(run(workload, "size-tiered", CompactionStyle.SIZE_TIERED));
      outcomes.add(run(workload, "time-windowed", CompactionStyle.timeWindowed(WINDOW)));
    }
    var table =
        new MarkdownTable(
            "writes", "style", "written / flushed", "space / live", "tables asked by a read");
    for (Outcome outcome : outcomes) {
      table.add(
          outcome.workload(),
          outcome.style(),
          String.format(Locale.ROOT, "%.1f", outcome.write()),
          String.format(Locale.ROOT, "%.2f", outcome.space()),
          String.format(Locale.ROOT, "%.1f", outcome.read()));
    }
    table.lines().forEach(System.out::println);
    if (!arguments.isEmpty()) {
      Files.writeString(Path.of(arguments.getFirst()), AmplificationChart.draw(outcomes));
    }
  }

  private static Outcome run(Workload workload, String name, CompactionStyle style) {
    var tree = new SimulatedTree(style, CompactionOptions.DEFAULT);
    var random = new Random(42);
    int written = 0;
    double space = 0;
    double asked = 0;
    int looks = 0;
    for (int flush = 1; flush <= FLUSHES; flush++) {
      long nowMillis = BEGIN_MILLIS + flush * FLUSH_MILLIS;
      long expiresAt = workload.lifeMillis == 0 ? Operation.NEVER : nowMillis + workload.lifeMillis;
      var memtable = new TreeMap<Integer, Entry>();
      while (memtable.size() < ENTRIES_PER_FLUSH) {
        memtable.put(
            workload.key(random, written), new Entry(written, ENTRY_BYTES, false, expiresAt));
        written++;
      }
      tree.flush(memtable, nowMillis);
      if (flush > FLUSHES / 2 && flush % FLUSHES_BETWEEN_LOOKS == 0) {
        looks++;
        space += tree.spaceAmplification();
        long tables = 0;
        for (int i = 0; i < READS; i++) {
          tables += tree.tablesAsked(workload.key(random, random.nextInt(written)));
        }
        asked += (double) tables / READS;
      }
    }
    return new Outcome(
        workload.title, name, tree.writeAmplification(), space / looks, asked / looks);
  }
}
