package io.atlaskv.bench.engine;

import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// The forked JVM of [EngineBench]: runs one workload set on one engine and prints its figures.
///
/// Before anything is measured, a small scratch store goes through the same code, so that what is
/// measured is compiled code, not the compiler.
public final class EngineWorker {
  static final String READY = "READY";

  private static final int WARM_UP_ENTRIES = 200_000;
  private static final int SYNCED_SINGLE = 3000;
  private static final int SYNCED_EACH_OF_EIGHT = 1500;

  private EngineWorker() {}

  /// Arguments: engine, what to do (a [WorkloadSet], `FILL` or `OPEN`), directory, entries.
  public static void main(String[] arguments) throws IOException {
    var engine = Engine.named(arguments[0]);
    var directory = Path.of(arguments[2]);
    var data = new DataSet(Integer.parseInt(arguments[3]), 42);
    switch (arguments[1]) {
      case "FILL" -> fillAndWaitForKill(engine, directory, data);
      case "OPEN" -> openAfterKill(engine, directory, data);
      default -> runSet(engine, WorkloadSet.valueOf(arguments[1]), directory, data);
    }
  }

  private static void runSet(Engine engine, WorkloadSet set, Path directory, DataSet data)
      throws IOException {
    if (set != WorkloadSet.SYNC) {
      warmUp(engine, set, Files.createDirectory(directory.resolve("scratch")));
    }
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
        case RANDOM -> runRandom(workloads, home, data);
        case SYNC -> {
          workloads.fillSync(1, SYNCED_SINGLE / 3);
          print(workloads.fillSync(1, SYNCED_SINGLE));
          print(workloads.fillSync(8, SYNCED_EACH_OF_EIGHT));
        }
        case OPEN_AFTER_KILL ->
            throw new IllegalArgumentException(set + " needs two JVMs: FILL and OPEN");
      }
    }
  }

  private static void runRandom(Workloads workloads, Path home, DataSet data) throws IOException {
    print(workloads.fillRandom());
    workloads.readRandom(); // fills the block cache
    print(workloads.readRandom());
    print(workloads.readMissing());
    print(workloads.seekRandom(data.entries() / 5));
    var process = new ProcessStatistics(ProcessHandle.current().pid());
    long writtenBefore = process.writtenBytes();
    print(workloads.overwrite());
    double dataBytes = (double) data.entries() * (DataSet.KEY_BYTES + DataSet.VALUE_BYTES);
    print(new Fact("space-tables", tableBytes(home) / dataBytes));
    print(new Fact("space-all", TemporaryDirectory.bytes(home) / dataBytes));
    print(new Fact("written", (process.writtenBytes() - writtenBefore) / dataBytes));
    print(workloads.readWhileWriting());
    print(workloads.deleteRandom());
  }

  /// Both engines call their tables so; the log, preallocated or not, stays out.
  private static double tableBytes(Path home) throws IOException {
    try (var files = Files.list(home)) {
      double bytes = 0;
      for (var file : (Iterable<Path>) files::iterator) {
        bytes += file.toString().endsWith(".sst") ? Files.size(file) : 0;
      }
      return bytes;
    }
  }

  private static void warmUp(Engine engine, WorkloadSet set, Path scratch) {
    var data = new DataSet(WARM_UP_ENTRIES, 7);
    try (var store = engine.open(StoreSettings.small(scratch))) {
      var workloads = new Workloads(store, data);
      switch (set) {
        case SEQUENTIAL -> {
          workloads.fillSequential();
          workloads.readSequential();
        }
        case BATCH -> {
          workloads.fillBatch();
          workloads.fillBatch();
        }
        default -> {
          workloads.fillRandom();
          workloads.readRandom();
          workloads.readMissing();
          workloads.seekRandom(WARM_UP_ENTRIES / 5);
          workloads.overwrite();
          workloads.readWhileWriting();
          workloads.deleteRandom();
        }
      }
    }
  }

  /// Leaves entries that only the log has. The parent kills this JVM when it sees [#READY].
  private static void fillAndWaitForKill(Engine engine, Path directory, DataSet data)
      throws IOException {
    try (var store = engine.open(StoreSettings.unflushed(directory))) {
      var key = new byte[DataSet.KEY_BYTES];
      var value = new byte[DataSet.VALUE_BYTES];
      for (int i = 0; i < data.entries(); i++) {
        data.key(data.shuffled(i), key);
        data.value(i, value);
        store.put(key, value);
      }
      System.out.println(READY);
      System.out.flush();
      System.in.read(); // until the kill
    }
  }

  private static void openAfterKill(Engine engine, Path directory, DataSet data) {
    long start = System.nanoTime();
    try (var store = engine.open(StoreSettings.unflushed(directory))) {
      print(new Fact("open-after-kill", (System.nanoTime() - start) / 1e6));
      var random = new Random(3);
      var key = new byte[DataSet.KEY_BYTES];
      var value = new byte[DataSet.VALUE_BYTES];
      for (int i = 0; i < 10_000; i++) {
        data.key(random.nextInt(data.entries()), key);
        if (store.get(key, value) != DataSet.VALUE_BYTES) {
          throw new IllegalStateException("an entry was lost by the kill");
        }
      }
    }
  }

  private static void print(Figures figures) {
    System.out.println(figures.line());
  }

  private static void print(Fact fact) {
    System.out.println(fact.line());
  }
}
