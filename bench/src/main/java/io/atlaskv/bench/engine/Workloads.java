package io.atlaskv.bench.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// The workloads, named as in db_bench, on one store. Each returns its figures.
final class Workloads {
  static final int BATCH = 100;
  static final int SCAN = 10;

  /// Reads per write in readwhilewriting. The writer is held to it, so that both do equal work in
  /// every engine, however fast it is.
  static final int READS_PER_WRITE = 4;

  private final BenchStore store;
  private final DataSet data;
  private final byte[] key = new byte[DataSet.KEY_BYTES];
  private final byte[] value;

  Workloads(BenchStore store, DataSet data) {
    this.store = store;
    this.data = data;
    value = new byte[data.valueBytes()];
  }

  Figures fillSequential() {
    return write("fillseq", data.entries(), i -> putEntry(i, i));
  }

  Figures fillRandom() {
    return write("fillrandom", data.entries(), i -> putEntry(data.shuffled(i), i));
  }

  Figures overwrite() {
    return write("overwrite", data.entries(), i -> putEntry(data.shuffled(i), i + 1));
  }

  Figures deleteRandom() {
    return write(
        "deleterandom",
        data.entries(),
        i -> {
          data.key(data.shuffled(i), key);
          store.delete(key);
        });
  }

  Figures fillBatch() {
    var keys = new ArrayList<byte[]>();
    var values = new ArrayList<byte[]>();
    for (int i = 0; i < BATCH; i++) {
      keys.add(new byte[DataSet.KEY_BYTES]);
      values.add(new byte[data.valueBytes()]);
    }
    var watch = new Stopwatch();
    for (int first = 0; first + BATCH <= data.entries(); first += BATCH) {
      for (int i = 0; i < BATCH; i++) {
        data.key(data.shuffled(first + i), keys.get(i));
        data.value(first + i, values.get(i));
      }
      long start = System.nanoTime();
      store.putBatch(keys, values);
      watch.sample(start);
    }
    return watch.finish("fillbatch" + BATCH, data.entries() / BATCH * BATCH, store::flush);
  }

  Figures readRandom() {
    return readRandom("readrandom", 0, data.entries());
  }

  /// Entries `first` and on in the order without locality.
  Figures readRandom(String name, int first, int reads) {
    return read(
        name,
        reads,
        i -> {
          data.key(data.shuffled(first + i), key);
          if (store.get(key, value) != data.valueBytes()) {
            throw new IllegalStateException("entry " + data.shuffled(first + i) + " is missing");
          }
        });
  }

  /// Each of two threads reads half of the entries.
  Figures readRandomTwice() {
    int reads = data.entries() / 2;
    var histograms = List.of(new LatencyHistogram(), new LatencyHistogram());
    var workers = new ArrayList<Thread>();
    var go = new CountDownLatch(1);
    for (int thread = 0; thread < histograms.size(); thread++) {
      int first = thread * reads;
      var histogram = histograms.get(thread);
      workers.add(
          Thread.ofPlatform().name("reader").start(() -> readAll(first, reads, go, histogram)));
    }
    var watch = new Stopwatch();
    go.countDown();
    join(workers);
    histograms.forEach(watch::add);
    return watch.finish("readrandom-2", histograms.size() * reads, () -> {});
  }

  private void readAll(int first, int count, CountDownLatch go, LatencyHistogram histogram) {
    var ownKey = new byte[DataSet.KEY_BYTES];
    var ownValue = new byte[data.valueBytes()];
    await(go);
    for (int i = first; i < first + count; i++) {
      data.key(data.shuffled(i), ownKey);
      long start = Stopwatch.isSampled(i) ? System.nanoTime() : 0;
      if (store.get(ownKey, ownValue) != data.valueBytes()) {
        throw new IllegalStateException("entry " + data.shuffled(i) + " is missing");
      }
      if (start != 0) {
        histogram.record(System.nanoTime() - start);
      }
    }
  }

  Figures readMissing() {
    return readMissing(data.entries());
  }

  Figures readMissing(int reads) {
    return read(
        "readmissing",
        reads,
        i -> {
          data.missingKey(data.shuffled(i), key);
          if (store.get(key, value) >= 0) {
            throw new IllegalStateException("a key that was never written has a value");
          }
        });
  }

  Figures readSequential() {
    var watch = new Stopwatch();
    int entries = 0;
    try (var cursor = store.cursor()) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        requireWholeEntry(cursor);
        entries++;
      }
    }
    if (entries != data.entries()) {
      throw new IllegalStateException("read " + entries + " entries, not " + data.entries());
    }
    return watch.finish("readseq", entries, () -> {});
  }

  /// A fresh cursor for each seek, as a request of a client makes one.
  Figures seekRandom(int seeks) {
    return read(
        "seekrandom+" + SCAN,
        seeks,
        i -> {
          data.key(data.shuffled(i), key);
          try (var cursor = store.cursor()) {
            cursor.seek(key);
            for (int next = 0; next <= SCAN && cursor.isValid(); next++) {
              requireWholeEntry(cursor);
              cursor.next();
            }
          }
        });
  }

  Figures readWhileWriting() {
    var readsDone = new AtomicInteger();
    var writerKey = new byte[DataSet.KEY_BYTES];
    var writerValue = new byte[data.valueBytes()];
    int reads = data.entries();
    var random = new Random(7);
    var writer =
        Thread.ofPlatform()
            .name("writer")
            .unstarted(() -> {
              for (int i = 0; i < reads / READS_PER_WRITE; i++) {
                while (readsDone.get() < i * READS_PER_WRITE) {
                  Thread.onSpinWait();
                }
                data.key(random.nextInt(data.entries()), writerKey);
                data.value(i, writerValue);
                store.put(writerKey, writerValue);
              }
            });
    var watch = new Stopwatch();
    writer.start();
    for (int i = 0; i < reads; i++) {
      data.key(data.shuffled(i), key);
      long start = Stopwatch.isSampled(i) ? System.nanoTime() : 0;
      if (store.get(key, value) != data.valueBytes()) {
        throw new IllegalStateException("entry " + data.shuffled(i) + " is missing");
      }
      if (start != 0) {
        watch.sample(start);
      }
      readsDone.lazySet(i + 1);
    }
    join(List.of(writer));
    return watch.finish("readwhilewriting", reads, store::flush);
  }

  /// Writes that survive a power cut, from several threads at once.
  Figures fillSync(int threads, int operationsPerThread) {
    var histograms = new ArrayList<LatencyHistogram>();
    var workers = new ArrayList<Thread>();
    var go = new CountDownLatch(1);
    for (int thread = 0; thread < threads; thread++) {
      int first = thread * operationsPerThread;
      var histogram = new LatencyHistogram();
      histograms.add(histogram);
      workers.add(
          Thread.ofPlatform()
              .name("sync-writer")
              .start(() -> putSynced(first, operationsPerThread, go, histogram)));
    }
    var watch = new Stopwatch();
    go.countDown();
    join(workers);
    histograms.forEach(watch::add);
    return watch.finish("fillsync-" + threads, threads * operationsPerThread, () -> {});
  }

  private void putSynced(int first, int count, CountDownLatch go, LatencyHistogram histogram) {
    var ownKey = new byte[DataSet.KEY_BYTES];
    var ownValue = new byte[data.valueBytes()];
    await(go);
    for (int i = first; i < first + count; i++) {
      data.key(data.shuffled(i), ownKey);
      data.value(i, ownValue);
      long start = System.nanoTime();
      store.putSynced(ownKey, ownValue);
      histogram.record(System.nanoTime() - start);
    }
  }

  private void putEntry(int entry, int salt) {
    data.key(entry, key);
    data.value(salt, value);
    store.put(key, value);
  }

  private Figures write(String name, int operations, IntConsumer operation) {
    return run(name, operations, operation, store::flush);
  }

  private Figures read(String name, int operations, IntConsumer operation) {
    return run(name, operations, operation, () -> {});
  }

  private static Figures run(String name, int operations, IntConsumer operation, Runnable settle) {
    var watch = new Stopwatch();
    for (int i = 0; i < operations; i++) {
      if (Stopwatch.isSampled(i)) {
        long start = System.nanoTime();
        operation.accept(i);
        watch.sample(start);
      } else {
        operation.accept(i);
      }
    }
    return watch.finish(name, operations, settle);
  }

  private void requireWholeEntry(BenchCursor cursor) {
    if (cursor.read(key, value) != DataSet.KEY_BYTES + data.valueBytes()) {
      throw new IllegalStateException("an entry was cut off");
    }
  }

  private static void await(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted before the start", e);
    }
  }

  private static void join(List<Thread> threads) {
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
