package io.atlaskv.bench.memory;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.Numbers;
import io.atlaskv.bench.Report;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Question: does a store stay inside its memory limit, and give space back, when it holds many
/// times as much as that, whatever its rows are like and whatever is asked of it?
///
/// Exit code 0: every answer was right, RssAnon was never above the limit, and after the deletion
/// of half and a compaction the tables were at most 1.3 × the live data.
public final class LargerThanMemory {
  private static final long MIB = 1 << 20;
  private static final int HEAP_MIB = 256;
  private static final int LIMIT_MIB = 512;
  private static final double RSS_FACTOR_MAX = 1.0;
  private static final double SPACE_FACTOR_MAX = 1.3;
  private static final String USAGE =
      "usage: bench/larger-than-memory [--mib N] [--dir DIR] [--report FILE]";

  /// Rows of one length.
  ///
  /// @param share of the bytes that are asked for: one in so many
  private record Rows(String name, int valueBytes, int share) {}

  private static final List<Rows> ROWS =
      List.of(
          new Rows("values of 1 KiB", 1 << 10, 1),
          new Rows("values of 100 bytes", 100, 8),
          new Rows("values of 64 KiB", 64 << 10, 4));

  private final List<String> lines = new ArrayList<>();

  private LargerThanMemory() {}

  /// Entry point.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    long mib = 5 * 1024;
    Optional<Path> parent = Optional.empty();
    Optional<Path> report = Optional.empty();
    try {
      for (int i = 0; i < arguments.length; i += 2) {
        if (i + 1 == arguments.length) {
          throw new IllegalArgumentException(arguments[i] + " has no value\n" + USAGE);
        }
        switch (arguments[i]) {
          case "--mib" -> mib = Numbers.number(arguments[i], arguments[i + 1], 1, USAGE);
          case "--dir" -> parent = Optional.of(Path.of(arguments[i + 1]));
          case "--report" -> report = Optional.of(Path.of(arguments[i + 1]));
          default ->
              throw new IllegalArgumentException("unknown flag " + arguments[i] + "\n" + USAGE);
        }
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    int failures = new LargerThanMemory().run(mib, parent, report);
    System.out.println(
        "larger than memory: " + (ROWS.size() - failures) + " passed, " + failures + " failed");
    System.exit(failures == 0 ? 0 : 1);
  }

  /// Returns for how many kinds of rows something does not hold.
  private int run(long mib, Optional<Path> parent, Optional<Path> report)
      throws IOException, InterruptedException {
    lines.add("# Data larger than memory");
    lines.add("");
    lines.addAll(Environment.here().lines());
    lines.add(
        "- one JVM with the embedded store: -Xmx%dm, memory limit %d MiB, durability os"
            .formatted(HEAP_MIB, LIMIT_MIB));
    int failures = 0;
    for (Rows rows : ROWS) {
      var data = new LargeData(mib * MIB / rows.share(), rows.valueBytes());
      try (var directory = TemporaryDirectory.create(parent, "larger-than-memory")) {
        failures += run(rows.name(), data, directory.path()) ? 0 : 1;
      }
    }
    Report.publish(lines, report);
    return failures;
  }

  private boolean run(String name, LargeData data, Path directory)
      throws IOException, InterruptedException {
    List<LargeRun.Part> parts = LargeRun.run(data, directory, HEAP_MIB, LIMIT_MIB * MIB);
    long rssKib = parts.stream().mapToLong(LargeRun.Part::rssKib).max().orElseThrow();
    double rssFactor = rssKib / 1024.0 / LIMIT_MIB;
    double liveBytes = data.bytes() / 2.0;
    double space = tableBytes(directory) / liveBytes;
    double spaceAll = TemporaryDirectory.bytes(directory) / liveBytes;
    lines.add("");
    lines.add(
        "## %,d entries with keys of %d bytes and incompressible %s: %,d MiB"
            .formatted(data.entries(), LargeData.KEY_BYTES, name, data.bytes() / MIB));
    lines.add("");
    for (LargeRun.Part part : parts) {
      lines.add("- %s; at most %,d MiB".formatted(part.line(), part.rssKib() / 1024));
    }
    lines.add(
        "- greatest RssAnon: %,d MiB, %.2f × the limit (at most %.1f)"
            .formatted(rssKib / 1024, rssFactor, RSS_FACTOR_MAX));
    lines.add(
        "- tables after deleting half and compacting: %.2f × live data (at most %.1f); all files,"
                .formatted(space, SPACE_FACTOR_MAX)
            + " preallocated log included: %.2f ×".formatted(spaceAll));
    return rssFactor <= RSS_FACTOR_MAX && space <= SPACE_FACTOR_MAX;
  }

  private static long tableBytes(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      long bytes = 0;
      for (var file : (Iterable<Path>) files::iterator) {
        bytes += file.toString().endsWith(".sst") ? Files.size(file) : 0;
      }
      return bytes;
    }
  }
}
