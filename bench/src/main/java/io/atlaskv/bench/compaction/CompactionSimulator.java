package io.atlaskv.bench.compaction;

import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Numbers;
import io.atlaskv.bench.compaction.Replay.Limits;
import io.atlaskv.bench.compaction.Replay.Outcome;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What compaction styles cost, without a store: the store's own planners on tables without bytes.
/// The first argument says what to do; without one, what the synthetic workloads cost is printed.
public final class CompactionSimulator {
  private static final String USAGE =
      """
      Usage: bench/compaction-simulator [SVG]
             bench/compaction-simulator record STORE FILE [TITLE]
             bench/compaction-simulator replay [OPTION...] FILE
             bench/compaction-simulator programs DIRECTORY

      record    makes a recording of what the log of the store in directory STORE has (a store keeps
                more of it by Options.logRetainedSegments); the store may be open. The recording has
                the order of keys, lengths, times and names of namespaces, no bytes of keys or values
      replay    plays a recording by each style, and prints what was written, kept and asked
      programs  records this project's own programs, replays them, and draws them (SVG)

      Options of replay:
        --style STYLE         leveled, size-tiered[:TABLES], time-windowed:DURATION; any number of
                              them, the first two without any
        --namespace NAME      only what was done to this namespace; all together as one tree without
        --memtable-bytes N    a memtable with so many bytes of entries is flushed, 16777216
        --table-bytes N       bytes of a table, 16777216
        --svg FILE            draws how it went on over time
      """;

  /// A thirty-second of what `replay` takes: the programs write little.
  private static final Limits SMALL = new Limits(512 << 10, 0, 512 << 10);

  private CompactionSimulator() {}

  public static void main(String[] arguments) throws IOException {
    List<String> rest = List.of(arguments);
    String command = rest.isEmpty() ? "" : rest.getFirst();
    try {
      switch (command) {
        case "record" -> record(rest.subList(1, rest.size()));
        case "replay" -> replay(rest.subList(1, rest.size()));
        case "programs" -> programs(rest.subList(1, rest.size()));
        case "--help", "-h" -> System.out.print(USAGE);
        default -> SyntheticWorkloads.compare(rest);
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static void record(List<String> arguments) throws IOException {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw new IllegalArgumentException("record needs STORE and FILE");
    }
    Path directory = Path.of(arguments.getFirst());
    Path file = Path.of(arguments.get(1));
    String title = arguments.size() == 3 ? arguments.get(2) : String.valueOf(file.getFileName());
    try (Secondary store = AtlasKv.openSecondary(directory, Options.DEFAULT);
        WorkloadRecorder recorder = WorkloadRecorder.of(store.db())) {
      Recording recording = recorder.recording(title);
      RecordingFile.write(file, recording);
      System.out.printf(
          Locale.ROOT,
          "%s: %,d operations on %,d keys of %s%n",
          file,
          recording.operations().size(),
          recording.keys(),
          recording.namespaces());
    }
  }

  private static void replay(List<String> arguments) throws IOException {
    var styles = new ArrayList<StyleSpec>();
    String namespace = null;
    long memtableBytes = Options.DEFAULT.tableBytes();
    long tableBytes = Options.DEFAULT.tableBytes();
    Path svg = null;
    Path file = null;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--style" -> styles.add(StyleSpec.of(value(arguments, ++i)));
        case "--namespace" -> namespace = value(arguments, ++i);
        case "--memtable-bytes" -> memtableBytes = bytes(arguments, ++i);
        case "--table-bytes" -> tableBytes = bytes(arguments, ++i);
        case "--svg" -> svg = Path.of(value(arguments, ++i));
        default -> {
          if (file != null || argument.startsWith("-")) {
            throw new IllegalArgumentException("argument '" + argument + "'");
          }
          file = Path.of(argument);
        }
      }
    }
    if (file == null) {
      throw new IllegalArgumentException("replay needs FILE");
    }
    if (styles.isEmpty()) {
      styles.add(StyleSpec.of("leveled"));
      styles.add(StyleSpec.of("size-tiered"));
    }
    Recording recording = RecordingFile.read(file);
    replay(
        namespace == null ? recording : recording.of(namespace),
        new Limits(memtableBytes, 0, tableBytes),
        styles,
        svg);
  }

  private static long bytes(List<String> arguments, int at) {
    return Numbers.longNumber(arguments.get(at - 1), value(arguments, at), 1, "");
  }

  private static String value(List<String> arguments, int at) {
    if (at == arguments.size()) {
      throw new IllegalArgumentException(arguments.getLast() + " needs a value");
    }
    return arguments.get(at);
  }

  private static void replay(
      Recording recording, Limits limits, List<StyleSpec> styles, @Nullable Path svg)
      throws IOException {
    var outcomes = new ArrayList<Outcome>();
    var table =
        new MarkdownTable(
            "style", "written / flushed", "space / live", "tables asked by a read", "flushes");
    for (StyleSpec style : styles) {
      Outcome outcome = Replay.of(recording, limits, style);
      outcomes.add(outcome);
      table.add(
          style.name(),
          String.format(Locale.ROOT, "%.1f", outcome.write()),
          String.format(Locale.ROOT, "%.2f", outcome.space()),
          String.format(Locale.ROOT, "%.1f", outcome.read()),
          Integer.toString(outcome.flushes()));
    }
    System.out.printf(
        Locale.ROOT,
        "%n%s: %,d operations, %,d of them puts, on %,d keys%n%n",
        recording.title(),
        recording.operations().size(),
        recording.puts(),
        recording.keys());
    table.lines().forEach(System.out::println);
    if (svg != null) {
      Files.writeString(svg, AmplificationPlot.draw(recording.title(), outcomes));
    }
  }

  private static void programs(List<String> arguments) throws IOException {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException("programs needs DIRECTORY");
    }
    Path directory = Files.createDirectories(Path.of(arguments.getFirst()));
    for (Program program : Program.values()) {
      Path file = directory.resolve(program.fileName() + ".rec");
      RecordingFile.write(file, recording(program));
      replay(
          RecordingFile.read(file),
          SMALL,
          program.styles(),
          directory.resolve("compaction-" + program.fileName() + ".svg"));
    }
  }

  private static Recording recording(Program program) throws IOException {
    try (var scratch = TemporaryDirectory.create("compaction-simulator");
        var store = new ProgramStore(scratch.path())) {
      return program.record(store.db(), store, program.operations());
    }
  }
}
