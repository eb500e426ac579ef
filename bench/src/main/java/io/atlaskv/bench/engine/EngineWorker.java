package io.atlaskv.bench.engine;

import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The forked JVM of [EngineBench]: runs one workload set on one engine and prints its figures.
///
/// Before anything is measured, scratch stores go through the same workloads, in turns with a small
/// write buffer and with that of the measured run, until the compiler takes no more than 3 % of the
/// time: so that what is measured is compiled code, not the compiler.
public final class EngineWorker {
  static final String READY = "READY";

  private static final int WARM_UP_ENTRIES_MIN = 200_000;
  private static final int WARM_UP_ENTRIES_MAX = 300_000;
  private static final long WARM_UP_BYTES_MAX = 384 << 20; // more than the caches hold
  private static final int WARM_UP_PASSES_MAX = 16;
  private static final int WARM_PASSES = 3; // on end: one may fall between two recompilations
  private static final double COMPILING_MAX = 0.03; // share of the time of a pass
  private static final long UNFLUSHED_BYTES_MAX = 320L << 20; // of keys and values
  private static final int SYNCED_SINGLE = 3000;
  private static final int SYNCED_EACH_OF_EIGHT = 1500;

  private EngineWorker() {}

  /// Arguments: engine, what to do (a [WorkloadSet], `FILL` or `OPEN`), directory, entries, bytes
  /// of a value.
  public static void main(String[] arguments) throws IOException {
    var engine = Engine.named(arguments[0]);
    var directory = Path.of(arguments[2]);
    var data = new DataSet(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), 42);
    switch (arguments[1]) {
      case "FILL" -> fillAndWaitForKill(engine, directory, data);
      case "OPEN" -> openAfterKill(engine, directory, data);
      default -> runSet(engine, WorkloadSet.valueOf(arguments[1]), directory, data);
    }
  }

  private static void runSet(Engine engine, WorkloadSet set, Path directory, DataSet data)
      throws IOException {
    warmUp(engine, set, directory, scratchData(data));
    var home = Files.createDirectory(directory.resolve("store"));
    try (var store = engine.open(StoreSettings.standard(home))) {
      var workloads = new Workloads(store, data);
      switch (set) {
        case SEQUENTIAL -> {
          print(workloads.fillSequential());
          workloads.readSequential();
          print(workloads.readSequential());
        }
        case BATCH -> print(workloads.fillBatch());
        case RANDOM -> runRandom(store, workloads, home, data);
        case SYNC -> {
          print(workloads.fillSync(1, SYNCED_SINGLE));
          print(workloads.fillSync(8, SYNCED_EACH_OF_EIGHT));
        }
        case OPEN_AFTER_KILL ->
            throw new IllegalArgumentException(set + " needs two JVMs: FILL and OPEN");
      }
    }
  }

  /// Enough to compile everything, however large what is measured is.
  static DataSet scratchData(DataSet data) {
    long entries = Math.clamp(data.entries(), WARM_UP_ENTRIES_MIN, WARM_UP_ENTRIES_MAX);
    long fitting = WARM_UP_BYTES_MAX / (DataSet.KEY_BYTES + data.valueBytes());
    return new DataSet((int) Math.min(entries, fitting), data.valueBytes(), 7);
  }

  private static void runRandom(BenchStore store, Workloads workloads, Path home, DataSet data)
      throws IOException {
    print(workloads.fillRandom());
    workloads.readRandom(); // fills the block cache
    print(workloads.readRandom());
    print(workloads.readRandomTwice());
    print(workloads.readMissing());
    print(workloads.seekRandom(data.entries() / 5));
    print(workloads.seekRandomTwice(data.entries() / 5));
    var process = new ProcessStatistics(ProcessHandle.current().pid());
    long writtenBefore = process.writtenBytes();
    print(workloads.overwrite());
    double dataBytes = data.bytes();
    print(new Fact("space-tables", tableBytes(store, home) / dataBytes));
    print(new Fact("space-all", store.diskBytes(home) / dataBytes));
    print(new Fact("written", (process.writtenBytes() - writtenBefore) / dataBytes));
    print(workloads.overwriteTwice());
    print(workloads.readWhileWriting());
    if (store.hasCheckpoints()) {
      workloads.checkpoints(home.resolveSibling("checkpoint")).forEach(EngineWorker::print);
    }
    print(workloads.deleteRandom());
  }

  /// Engines with tables call them so; the log, preallocated or not, stays out. Trees are their
  /// whole file.
  static double tableBytes(BenchStore store, Path home) throws IOException {
    try (var files = Files.list(home)) {
      double bytes = 0;
      for (var file : (Iterable<Path>) files::iterator) {
        bytes += file.toString().endsWith(".sst") ? Files.size(file) : 0;
      }
      return bytes == 0 ? store.diskBytes(home) : bytes;
    }
  }

  static void warmUp(Engine engine, WorkloadSet set, Path directory, DataSet data)
      throws IOException {
    var compiler = ManagementFactory.getCompilationMXBean();
    int warm = 0;
    for (int pass = 0; pass < WARM_UP_PASSES_MAX && warm < WARM_PASSES; pass++) {
      long start = System.nanoTime();
      long compiledAtStart = compiler.getTotalCompilationTime();
      try (var scratch = new TemporaryDirectory(directory.resolve("scratch"))) {
        Path home = Files.createDirectory(scratch.path());
        boolean isSmall = pass % 2 == 0; // with flushes and merges, however little the data
        var settings = isSmall ? StoreSettings.small(home) : StoreSettings.standard(home);
        runAll(engine, set, settings, data);
      }
      Stopwatch.awaitQuiet();
      double millis = (System.nanoTime() - start) / 1e6;
      boolean isWarm =
          compiler.getTotalCompilationTime() - compiledAtStart < COMPILING_MAX * millis;
      warm = isWarm ? warm + 1 : 0;
    }
  }

  private static void runAll(Engine engine, WorkloadSet set, StoreSettings settings, DataSet data) {
    try (var store = engine.open(settings)) {
      var workloads = new Workloads(store, data);
      switch (set) {
        case SEQUENTIAL -> {
          workloads.fillSequential();
          workloads.readSequential();
          workloads.readSequential();
        }
        case SYNC -> {
          workloads.fillRandom();
          workloads.fillSync(1, SYNCED_SINGLE);
          workloads.fillSync(8, SYNCED_EACH_OF_EIGHT);
        }
        case BATCH -> {
          workloads.fillBatch();
          workloads.fillBatch();
        }
        default -> {
          workloads.fillRandom();
          workloads.readRandom();
          workloads.readRandomTwice();
          workloads.readMissing();
          workloads.seekRandom(data.entries() / 5);
          workloads.seekRandomTwice(data.entries() / 5);
          workloads.overwrite();
          workloads.overwriteTwice();
          workloads.readWhileWriting();
          if (store.hasCheckpoints()) {
            workloads.checkpoints(settings.directory().resolveSibling("checkpoint"));
          }
          workloads.deleteRandom();
        }
      }
    }
  }

  /// As many entries as the write buffer of [StoreSettings#unflushed] holds, at most all.
  private static int unflushed(DataSet data) {
    return (int) Math.min(data.entries(), UNFLUSHED_BYTES_MAX / data.bytesOfEntry());
  }

  /// Leaves entries that only the log has. The parent kills this JVM when it sees [#READY].
  private static void fillAndWaitForKill(Engine engine, Path directory, DataSet data)
      throws IOException {
    try (var store = engine.open(StoreSettings.unflushed(directory))) {
      var key = new byte[DataSet.KEY_BYTES];
      var value = new byte[data.valueBytes()];
      for (int i = 0; i < unflushed(data); i++) {
        data.key(data.shuffled(i), key);
        data.value(i, value);
        store.put(key, value);
      }
      System.out.println(READY);
      System.out.flush();
      System.in.read(); // until the kill
    }
  }

  /// Every entry that was written is read and compared.
  private static void openAfterKill(Engine engine, Path directory, DataSet data) {
    long start = System.nanoTime();
    try (var store = engine.open(StoreSettings.unflushed(directory))) {
      print(new Fact("open-after-kill", (System.nanoTime() - start) / 1e6));
      var key = new byte[DataSet.KEY_BYTES];
      var value = new byte[data.valueBytes()];
      var expected = new byte[data.valueBytes()];
      int written = unflushed(data);
      int lost = 0;
      for (int i = 0; i < written; i++) {
        data.key(data.shuffled(i), key);
        data.value(i, expected);
        boolean isThere = store.get(key, value) == value.length && Arrays.equals(value, expected);
        lost += isThere ? 0 : 1;
      }
      if (lost > 0 && engine == Engine.ATLASKV) {
        throw new IllegalStateException(lost + " of " + written + " entries were lost by the kill");
      }
      print(new Fact("unflushed", written));
      print(new Fact("lost-by-kill", 100.0 * lost / written));
    }
  }

  static void print(Figures figures) {
    System.out.println(figures.line());
  }

  static void print(Fact fact) {
    System.out.println(fact.line());
  }
}
