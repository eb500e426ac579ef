package io.atlaskv.bench.engine;

import io.atlaskv.testkit.process.ProcessStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The forked JVM of [ScaleBench]: fills a store, or opens a full one and reads it, after both was
/// warmed up as [EngineWorker] does it.
public final class ScaleWorker {
  static final int READS = 200_000;
  static final int SEEKS = 10_000;

  /// What to do; each in a JVM of its own, so that what is opened was closed.
  enum Task {
    FILL(1),
    READ(2);

    private final long seed;

    Task(long seed) {
      this.seed = seed;
    }
  }

  private ScaleWorker() {}

  /// Arguments: engine, [Task], directory, entries, bytes of a value, bytes of the write buffer,
  /// bytes of the block cache.
  public static void main(String[] arguments) throws IOException {
    var engine = Engine.named(arguments[0]);
    var task = Task.valueOf(arguments[1]);
    var directory = Path.of(arguments[2]);
    int entries = Integer.parseInt(arguments[3]);
    int valueBytes = Integer.parseInt(arguments[4]);
    var settings =
        new StoreSettings(
            directory.resolve("store"), Long.parseLong(arguments[5]), Long.parseLong(arguments[6]));
    // Another order in each task: reads must not follow the writes.
    var data = DataSet.withComputedOrder(entries, valueBytes, task.seed);
    EngineWorker.warmUp(engine, WorkloadSet.RANDOM, directory, EngineWorker.scratchData(data));
    switch (task) {
      case FILL -> fill(engine, settings, data);
      case READ -> read(engine, settings, data);
    }
  }

  private static void fill(Engine engine, StoreSettings settings, DataSet data) throws IOException {
    var home = Files.createDirectory(settings.directory());
    var process = new ProcessStatistics(ProcessHandle.current().pid());
    long writtenBefore = process.writtenBytes();
    var store = engine.open(settings);
    long start = System.nanoTime();
    EngineWorker.print(new Workloads(store, data).fillRandom());
    EngineWorker.print(new Fact("settled-seconds", (System.nanoTime() - start) / 1e9));
    double dataBytes = data.bytes();
    EngineWorker.print(new Fact("written", (process.writtenBytes() - writtenBefore) / dataBytes));
    EngineWorker.print(new Fact("space-tables", EngineWorker.tableBytes(store, home) / dataBytes));
    printMemory("fill", process);
    long closing = System.nanoTime();
    store.close();
    EngineWorker.print(new Fact("close-millis", (System.nanoTime() - closing) / 1e6));
  }

  private static void read(Engine engine, StoreSettings settings, DataSet data) {
    int reads = Math.min(READS, data.entries() / 2);
    long opening = System.nanoTime();
    try (var store = engine.open(settings)) {
      EngineWorker.print(new Fact("open-millis", (System.nanoTime() - opening) / 1e6));
      var workloads = new Workloads(store, data);
      EngineWorker.print(workloads.readRandom("readfirst", 0, reads));
      EngineWorker.print(workloads.readRandom("readrandom", reads, reads));
      EngineWorker.print(workloads.readMissing(reads));
      EngineWorker.print(workloads.seekRandom(SEEKS));
      printMemory("read", new ProcessStatistics(ProcessHandle.current().pid()));
    }
  }

  private static void printMemory(String task, ProcessStatistics process) {
    EngineWorker.print(new Fact(task + "-rss-mib", process.statusKib("RssAnon") / 1024.0));
    EngineWorker.print(
        new Fact(task + "-heap-mib", Runtime.getRuntime().totalMemory() / (double) (1 << 20)));
  }
}
