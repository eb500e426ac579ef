package io.atlaskv.bench.memory;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.ProcessStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/// The JVM with the small heap: does the work, of every kind that the engine benchmark has, checks
/// every answer, prints what each part cost.
public final class LargeWorker {
  private static final int BATCH_ENTRIES_MAX = 100;
  private static final int BATCH_BYTES_MAX = 1 << 20;
  private static final int NEXTS = 10;
  private static final int SYNCED_THREADS = 8;
  private static final long SYNCED_MAX = 2_000;

  private final Db db;
  private final LargeData data;
  private final LargeClient client;
  private final Random random = new Random(42);

  private LargeWorker(Db db, LargeData data) {
    this.db = db;
    this.data = data;
    this.client = new LargeClient(db, data);
  }

  /// Arguments: directory, bytes of data, bytes of a value, memory limit in bytes.
  public static void main(String[] arguments) throws InterruptedException {
    var options =
        Options.DEFAULT
            .withDurability(Durability.OS)
            .withMemoryLimitBytes(Long.parseLong(arguments[3]));
    var data = new LargeData(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
    try (var db = AtlasKv.open(Path.of(arguments[0]), options)) {
      new LargeWorker(db, data).run();
    }
  }

  private void run() throws InterruptedException {
    long all = data.entries();
    long some = all / 10;
    timed("fill in key order", all / 2, this::fillInOrder);
    timed("fill at random", all - all / 2, this::fillTheRest);
    timed("random reads", some, () -> each(some, client::requireThere));
    timed("reads of what is missing", some, () -> each(some, client::requireMissing));
    timed("seek and " + NEXTS + " next", some / NEXTS, this::seeks);
    timed("overwrite", some, () -> each(some, client::put));
    timed("batches", some, () -> writeBatches(some));
    timed("read while writing", some, () -> together(List.of(this::reads, this::writes)));
    long synced = Math.min(SYNCED_MAX, some);
    timed("synced writes of " + SYNCED_THREADS + " threads", synced, () -> writeSynced(synced));
    timed("full scan", all, () -> client.scan(1));
    timed("delete half", all / 2, this::deleteEven);
    timed("compact", 1, db::compact);
    timed("random reads after", some, () -> each(some, this::requireHalf));
    timed("full scan after", all / 2, () -> client.scan(2));
  }

  /// A part of the work.
  private interface Part {
    void run() throws InterruptedException;
  }

  /// Prints what a part cost, and where the memory is at its end.
  private void timed(String name, long operations, Part part) throws InterruptedException {
    long start = System.nanoTime();
    part.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    var process = new ProcessStatistics(ProcessHandle.current().pid());
    var store = db.statistics();
    System.out.printf(
        Locale.ROOT,
        "%s%s: %,d operations, %.1f s, %,.0f/s; RssAnon %d MiB (memtables %d, block cache %d, Java"
            + " heap %d)%n",
        LargeRun.PART,
        name,
        operations,
        seconds,
        operations / seconds,
        process.statusKib("RssAnon") / 1024,
        store.memtableBytes() >> 20,
        store.blockCacheBytes() >> 20,
        Runtime.getRuntime().totalMemory() >> 20);
  }

  private void fillInOrder() {
    for (long entry = 0; entry < data.entries() / 2; entry++) {
      client.put(entry);
    }
  }

  private void fillTheRest() {
    for (long i = 0; i < data.entries(); i++) {
      long entry = data.scattered(i);
      if (entry >= data.entries() / 2) {
        client.put(entry);
      }
    }
  }

  /// Does something with entries at random.
  private void each(long count, LongConsumer action) {
    for (long i = 0; i < count; i++) {
      action.accept(random.nextLong(data.entries()));
    }
  }

  private void seeks() {
    each(data.entries() / 10 / NEXTS, entry -> client.seekAndNext(entry, NEXTS));
  }

  private void writeBatches(long entries) {
    int count = Math.clamp(BATCH_BYTES_MAX / data.valueBytes(), 1, BATCH_ENTRIES_MAX);
    for (long index = 0; index < entries; index += count) {
      client.putBatch(index, count);
    }
  }

  private void reads() {
    var reader = new LargeClient(db, data);
    var own = new Random(1);
    for (long i = 0; i < data.entries() / 10; i++) {
      reader.requireThere(own.nextLong(data.entries()));
    }
  }

  private void writes() {
    var writer = new LargeClient(db, data);
    var own = new Random(2);
    for (long i = 0; i < data.entries() / 10; i++) {
      writer.put(own.nextLong(data.entries()));
    }
  }

  private void writeSynced(long entries) throws InterruptedException {
    var writers = new ArrayList<Runnable>();
    for (int thread = 0; thread < SYNCED_THREADS; thread++) {
      long first = thread;
      var writer = new LargeClient(db, data);
      writers.add(() -> {
        for (long index = first; index < entries; index += SYNCED_THREADS) {
          writer.putSynced(data.scattered(index));
        }
      });
    }
    together(writers);
  }

  /// Each in a thread of its own.
  private static void together(List<Runnable> tasks) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(tasks.size())) {
      List<Future<?>> results = new ArrayList<>();
      tasks.forEach(task -> results.add(threads.submit(task)));
      for (Future<?> result : results) {
        result.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void requireHalf(long entry) {
    if (entry % 2 == 0) {
      client.requireDeleted(entry);
    } else {
      client.requireThere(entry);
    }
  }

  private void deleteEven() {
    for (long entry = 0; entry < data.entries(); entry += 2) {
      client.delete(entry);
    }
  }
}
