package io.atlaskv.bench.memtable;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Numbers;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Question: which index should a memtable have, so that point operations are as cheap as a hash
/// table's and reading fresh data in order costs little, too?
///
/// Without arguments: runs every candidate in a JVM of its own and prints the table; `--report
/// FILE` writes it, too; `--entries N` changes the size of the large memtable.
public final class MemtableExperiment {
  private static final String USAGE =
      "usage: bench/memtable-experiment [--entries N] [--report FILE] [--candidate NAME]";
  private static final int ENTRY_BYTES_MAX = 232;
  private static final List<String> CANDIDATES =
      List.of("jdk", "skiplist", "sideruns", "tree-eager", "tree-lazy");

  private MemtableExperiment() {}

  /// Entry point.
  public static void main(String[] arguments) throws IOException {
    int entries = 1_000_000;
    Path report = null;
    String candidate = null;
    try {
      for (int i = 0; i < arguments.length; i += 2) {
        if (i + 1 == arguments.length) {
          throw new IllegalArgumentException(arguments[i] + " has no value\n" + USAGE);
        }
        switch (arguments[i]) {
          case "--entries" -> entries = Numbers.number(arguments[i], arguments[i + 1], 1, USAGE);
          case "--report" -> report = Path.of(arguments[i + 1]);
          case "--candidate" -> candidate = arguments[i + 1];
          default ->
              throw new IllegalArgumentException("unknown flag " + arguments[i] + "\n" + USAGE);
        }
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    if (candidate != null) {
      measure(candidate, entries).forEach((name, value) -> System.out.println(name + '=' + value));
      return;
    }
    var lines = new ArrayList<String>(Environment.here().lines());
    lines.add("");
    lines.addAll(points(entries).lines());
    lines.add("");
    var tombstones = new MarkdownTable("range deletions", "figure");
    child("tombstones", entries).forEach(tombstones::add);
    lines.addAll(tombstones.lines());
    lines.forEach(System.out::println);
    if (report != null) {
      Files.write(report, lines);
    }
  }

  private static MarkdownTable points(int entries) throws IOException {
    var results = new ArrayList<Map<String, String>>();
    for (var name : CANDIDATES) {
      results.add(child(name, entries));
    }
    var header = new ArrayList<String>(List.of("ns of CPU, or as said"));
    header.addAll(CANDIDATES);
    var table = new MarkdownTable(header.toArray(String[]::new));
    for (var name : results.getFirst().keySet()) {
      var row = new ArrayList<String>(List.of(name));
      results.forEach(result -> row.add(result.getOrDefault(name, "–")));
      table.add(row.toArray(String[]::new));
    }
    return table;
  }

  private static Map<String, String> measure(String candidate, int entries) {
    return candidate.equals("tombstones")
        ? RangeTombstoneLoad.run()
        : new Loads(maker(candidate)).run(entries);
  }

  private static LongFunction<Candidate> maker(String name) {
    return switch (name) {
      case "jdk" -> _ -> new JdkCandidate();
      case "skiplist" ->
          count -> new SkipListCandidate(count * ENTRY_BYTES_MAX, slots(count), Keys.COMMON);
      case "sideruns" ->
          count -> new SideRunsCandidate(count * ENTRY_BYTES_MAX, slots(count), Keys.COMMON);
      case "tree-eager", "tree-lazy" ->
          count -> {
            long bytes = Math.max(1 << 20, count * ENTRY_BYTES_MAX);
            var pool = new ChunkPool((int) (bytes >> 20));
            var reserve = pool.reserveTask();
            while (reserve.step()) {}
            return new PackedTreeCandidate(pool, slots(count) * 64, name.equals("tree-eager"));
          };
      default -> throw new IllegalArgumentException("unknown candidate " + name);
    };
  }

  /// Half to a quarter of them will be used, as in a memtable that is filled with such entries.
  private static long slots(long count) {
    return Long.highestOneBit(count) * 4;
  }

  private static Map<String, String> child(String candidate, int entries) throws IOException {
    System.err.println("measuring " + candidate);
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MemtableExperiment.class.getName(),
                "--candidate",
                candidate,
                "--entries",
                Integer.toString(entries))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var figures = new LinkedHashMap<String, String>();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (var line : output.lines().toList()) {
      int equals = line.indexOf('=');
      figures.put(line.substring(0, equals), line.substring(equals + 1));
    }
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(candidate + " failed: exit=" + process.exitValue());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while measuring " + candidate, e);
    }
    return figures;
  }
}
