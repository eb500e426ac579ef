package io.atlaskv.bench.engine;

import io.atlaskv.bench.Samples;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;

/// The workloads, named as in db_bench, on one store. Each returns its figures.
final class Workloads {
  static final int BATCH = 100;
  static final int SCAN = 10;
  private static final int CHECKPOINTS = 5;

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
    return twice(
        "readrandom-2",
        data.entries() / 2,
        buffers ->
            i -> {
              data.key(data.shuffled(i), buffers.key);
              if (store.get(buffers.key, buffers.value) != data.valueBytes()) {
                throw new IllegalStateException("entry " + data.shuffled(i) + " is missing");
              }
            },
        () -> {});
  }

  /// Each of two threads seeks by itself.
  Figures seekRandomTwice(int seeks) {
    return twice("seekrandom+" + SCAN + "-2", seeks / 2, this::seek, () -> {});
  }

  /// Each of two threads puts half of the entries.
  Figures overwriteTwice() {
    return twice(
        "overwrite-2",
        data.entries() / 2,
        buffers ->
            i -> {
              data.key(data.shuffled(i), buffers.key);
              data.value(i + 2, buffers.value);
              store.put(buffers.key, buffers.value);
            },
        store::flush);
  }

  /// A key and a value of one thread.
  private final class Buffers {
    final byte[] key = new byte[DataSet.KEY_BYTES];
    final byte[] value = new byte[data.valueBytes()];
  }

  /// @param operation made for each of the threads; the first has the numbers from 0 on, the second
  ///   those behind
  private Figures twice(
      String name,
      int operationsOfEach,
      Function<Buffers, IntConsumer> operation,
      Runnable settle) {
    var histograms = List.of(new LatencyHistogram(), new LatencyHistogram());
    var crew = new Crew();
    for (int thread = 0; thread < histograms.size(); thread++) {
      int first = thread * operationsOfEach;
      var histogram = histograms.get(thread);
      var own = operation.apply(new Buffers());
      crew.add("worker-" + thread, () -> sampled(first, operationsOfEach, own, histogram));
    }
    var watch = new Stopwatch();
    crew.go();
    crew.join();
    histograms.forEach(watch::add);
    return watch.finish(name, histograms.size() * operationsOfEach, settle);
  }

  private static void sampled(
      int first, int count, IntConsumer operation, LatencyHistogram histogram) {
    for (int i = first; i < first + count; i++) {
      long start = Stopwatch.isSampled(i) ? System.nanoTime() : 0;
      operation.accept(i);
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
        requireWholeEntry(cursor, key, value);
        entries++;
      }
    }
    if (entries != data.entries()) {
      throw new IllegalStateException("read " + entries + " entries, not " + data.entries());
    }
    return watch.finish("readseq", entries, () -> {});
  }

  Figures seekRandom(int seeks) {
    return read("seekrandom+" + SCAN, seeks, seek(new Buffers()));
  }

  /// A fresh cursor for each seek, as a request of a client makes one.
  private IntConsumer seek(Buffers buffers) {
    return i -> {
      data.key(data.shuffled(i), buffers.key);
      try (var cursor = store.cursor()) {
        cursor.seek(buffers.key);
        for (int next = 0; next <= SCAN && cursor.isValid(); next++) {
          requireWholeEntry(cursor, buffers.key, buffers.value);
          cursor.next();
        }
      }
    };
  }

  Figures readWhileWriting() {
    var readsDone = new AtomicInteger();
    var writes = new LatencyHistogram();
    var buffers = new Buffers();
    int reads = data.entries();
    var random = new Random(7);
    var crew = new Crew();
    crew.add(
        "writer",
        () -> {
          for (int i = 0; i < reads / READS_PER_WRITE; i++) {
            while (readsDone.get() < i * READS_PER_WRITE) {
              Thread.onSpinWait();
            }
            data.key(random.nextInt(data.entries()), buffers.key);
            data.value(i, buffers.value);
            long start = System.nanoTime();
            store.put(buffers.key, buffers.value);
            writes.record(System.nanoTime() - start);
          }
        });
    var watch = new Stopwatch();
    crew.go();
    for (int i = 0; i < reads && !crew.hasFailed(); i++) {
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
    crew.join();
    watch.addLongest(writes);
    return watch.finish("readwhilewriting", reads, store::flush);
  }

  /// Checkpoints while another thread overwrites entries: the median of how long one takes, and the
  /// longest that a write took meanwhile.
  ///
  /// @param directory of each, deleted before the next one
  List<Fact> checkpoints(Path directory) {
    var isOver = new AtomicBoolean();
    var writes = new LatencyHistogram();
    var buffers = new Buffers();
    var crew = new Crew();
    crew.add(
        "writer",
        () -> {
          for (int i = 0; !isOver.get(); i = (i + 1) % data.entries()) {
            data.key(data.shuffled(i), buffers.key);
            data.value(i + 3, buffers.value);
            long start = System.nanoTime();
            store.put(buffers.key, buffers.value);
            writes.record(System.nanoTime() - start);
          }
        });
    crew.go();
    var millis = new ArrayList<Double>();
    for (int i = 0; i < CHECKPOINTS; i++) {
      try (var target = new TemporaryDirectory(directory)) {
        long start = System.nanoTime();
        store.checkpoint(target.path());
        millis.add((System.nanoTime() - start) / 1e6);
      }
    }
    isOver.set(true);
    crew.join();
    store.flush();
    Stopwatch.awaitQuiet();
    return List.of(
        new Fact("checkpoint", new Samples(millis).median()),
        new Fact("checkpoint-stall", writes.percentile(100) / 1e6));
  }

  /// Writes that survive a power cut, from several threads at once; entries again from the first on
  /// where there are not enough.
  Figures fillSync(int threads, int operationsPerThread) {
    var histograms = new ArrayList<LatencyHistogram>();
    var crew = new Crew();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread * operationsPerThread;
      var histogram = new LatencyHistogram();
      histograms.add(histogram);
      crew.add("sync-writer", () -> putSynced(first, operationsPerThread, histogram));
    }
    var watch = new Stopwatch();
    crew.go();
    crew.join();
    histograms.forEach(watch::add);
    return watch.finish("fillsync-" + threads, threads * operationsPerThread, () -> {});
  }

  private void putSynced(int first, int count, LatencyHistogram histogram) {
    var buffers = new Buffers();
    for (int i = first; i < first + count; i++) {
      data.key(data.shuffled(i % data.entries()), buffers.key);
      data.value(i, buffers.value);
      long start = System.nanoTime();
      store.putSynced(buffers.key, buffers.value);
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

  private void requireWholeEntry(BenchCursor cursor, byte[] targetKey, byte[] targetValue) {
    if (cursor.read(targetKey, targetValue) != DataSet.KEY_BYTES + data.valueBytes()) {
      throw new IllegalStateException("an entry was cut off");
    }
  }
}
