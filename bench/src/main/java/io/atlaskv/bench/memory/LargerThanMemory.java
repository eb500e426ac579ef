package io.atlaskv.bench.memory;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.Report;
import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Question: does a store stay inside its memory limit, and give space back, when it holds many
/// times as much as that?
///
/// Exit code 0: every answer was right, the greatest RssAnon was at most 1.2 × the limit, and after
/// the deletion of half and a compaction the tables were at most 1.3 × the live data.
public final class LargerThanMemory {
  static final String PART = "PART ";

  private static final long MIB = 1 << 20;
  private static final int HEAP_MIB = 256;
  private static final int LIMIT_MIB = 512;
  private static final double RSS_FACTOR_MAX = 1.2;
  private static final double SPACE_FACTOR_MAX = 1.3;
  private static final long SAMPLE_MILLIS = 20;
  private static final String USAGE =
      "usage: bench/larger-than-memory [--mib N] [--dir DIR] [--report FILE]";

  private final List<String> parts = new ArrayList<>();

  private LargerThanMemory() {}

  /// Entry point.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    long mib = 5 * 1024;
    Optional<Path> parent = Optional.empty();
    Optional<Path> report = Optional.empty();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--mib" -> mib = Long.parseLong(arguments[i + 1]);
        case "--dir" -> parent = Optional.of(Path.of(arguments[i + 1]));
        case "--report" -> report = Optional.of(Path.of(arguments[i + 1]));
        default -> throw new IllegalArgumentException(arguments[i] + "\n" + USAGE);
      }
    }
    boolean isGood;
    try (var directory = TemporaryDirectory.create(parent, "larger-than-memory")) {
      isGood = new LargerThanMemory().run(LargeData.ofBytes(mib * MIB), directory.path(), report);
    }
    System.out.println(
        "larger than memory: " + (isGood ? "1 passed, 0 failed" : "0 passed, 1 failed"));
    System.exit(isGood ? 0 : 1);
  }

  private boolean run(LargeData data, Path directory, Optional<Path> report)
      throws IOException, InterruptedException {
    var process = start(data, directory);
    long rssMax;
    try {
      var reader = Thread.ofVirtual().start(() -> readParts(process));
      rssMax = watch(process);
      reader.join();
    } finally {
      process.destroyForcibly();
    }
    int exitCode = process.waitFor();
    double rssFactor = rssMax / 1024.0 / LIMIT_MIB;
    double liveBytes = data.bytes() / 2.0;
    double space = tableBytes(directory) / liveBytes;
    double spaceAll = TemporaryDirectory.bytes(directory) / liveBytes;

    var lines = new ArrayList<String>();
    lines.add("# Data larger than memory");
    lines.add("");
    lines.addAll(Environment.here().lines());
    lines.add(
        "- %,d entries with keys of %d bytes and incompressible values of %d bytes: %,d MiB"
            .formatted(
                data.entries(), LargeData.KEY_BYTES, LargeData.VALUE_BYTES, data.bytes() / MIB));
    lines.add(
        "- one JVM with the embedded store: -Xmx%dm, memory limit %d MiB, durability os"
            .formatted(HEAP_MIB, LIMIT_MIB));
    lines.add("");
    parts.forEach(part -> lines.add("- " + part));
    lines.add(
        "- greatest RssAnon: %,d MiB, %.2f × the limit (at most %.1f)"
            .formatted(rssMax / 1024, rssFactor, RSS_FACTOR_MAX));
    lines.add(
        "- tables after deleting half and compacting: %.2f × live data (at most %.1f); all files,"
                .formatted(space, SPACE_FACTOR_MAX)
            + " preallocated log included: %.2f ×".formatted(spaceAll));
    Report.publish(lines, report);
    if (exitCode != 0) {
      System.out.println("the worker exited with " + exitCode);
    }
    return exitCode == 0 && rssFactor <= RSS_FACTOR_MAX && space <= SPACE_FACTOR_MAX;
  }

  private static Process start(LargeData data, Path directory) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx" + HEAP_MIB + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            LargeWorker.class.getName(),
            directory.toString(),
            Long.toString(data.bytes()),
            Long.toString(LIMIT_MIB * MIB))
        .redirectErrorStream(true)
        .start();
  }

  private void readParts(Process process) {
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        System.err.println(line);
        if (line.startsWith(PART)) {
          parts.add(line.substring(PART.length()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Samples the memory until the process ends; returns the greatest RssAnon in KiB.
  private static long watch(Process process) throws InterruptedException {
    var statistics = new ProcessStatistics(process.pid());
    long greatest = 0;
    while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
      try {
        greatest = Math.max(greatest, statistics.statusKib("RssAnon"));
      } catch (UncheckedIOException | IllegalStateException _) {
        // The process is at its end: no memory any more, and the next wait returns.
      }
    }
    return greatest;
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
