package io.atlaskv.bench.tuning;

import io.atlaskv.bench.Zipf;
import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.bench.engine.Stopwatch;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/// How much of the data the block cache holds: point reads of one thread, half a million to warm up
/// and as many measured, of keys all alike and of keys of which some are more popular (Zipf 0.99).
final class BlockCacheKnob implements Knob {
  private static final int READS = 500_000;
  private static final double SKEW = 0.99;
  private static final List<Long> MEBIBYTES = List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L);

  private final DataSet data;
  private final int[] uniform;
  private final int[] skewed;

  BlockCacheKnob(DataSet data) {
    this.data = data;
    var random = new SplittableRandom(5);
    uniform = keys(() -> random.nextInt(data.entries()));
    var ranks = new Zipf(data.entries(), SKEW, random);
    skewed = keys(() -> data.shuffled(ranks.next())); // popular keys are no neighbours
  }

  private static int[] keys(IntSupplier next) {
    int[] keys = new int[2 * READS];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = next.getAsInt();
    }
    return keys;
  }

  @Override
  public String name() {
    return "block-cache";
  }

  @Override
  public String description() {
    return "Point reads of one thread from a store that is merged to its last level, %,d to warm up"
            .formatted(READS)
        + " and as many measured: of keys all alike, and of keys of which some are more popular"
        + " (Zipf 0.99). A block that is not cached is read from the kernel's page cache and"
        + " decompressed; from a disk it would take longer by the disk's time.";
  }

  @Override
  public String axis() {
    return "`withBlockCacheBytes`, MiB";
  }

  @Override
  public List<String> settings() {
    return MEBIBYTES.stream().map(String::valueOf).toList();
  }

  @Override
  public List<Figure> figures() {
    return List.of(
        new Figure("get, CPU-µs", "all alike", "%.2f", false),
        new Figure("get, CPU-µs", "Zipf 0.99", "%.2f", false),
        new Figure("blocks read for each get", "all alike", "%.3f", false),
        new Figure("blocks read for each get", "Zipf 0.99", "%.3f", false));
  }

  @Override
  public void prepare(Path directory) {
    try (Db db = AtlasKv.open(directory.resolve("store"), Options.DEFAULT)) {
      new Puts(db, data).all(0);
      db.compact();
      System.err.printf("tables: %,d KiB%n", db.statistics().tableBytes() >> 10);
    }
  }

  @Override
  public double[] measure(int setting, Path directory) {
    Options options = Options.DEFAULT.withBlockCacheBytes(MEBIBYTES.get(setting) << 20);
    double[] first = read(uniform, directory, options);
    double[] second = read(skewed, directory, options);
    return new double[] {first[0], second[0], first[1], second[1]};
  }

  private double[] read(int[] keys, Path directory, Options options) {
    try (Db db = AtlasKv.open(directory.resolve("store"), options)) {
      read(keys, 0, db);
      long missesBefore = db.statistics().blockCacheMisses();
      var watch = new Stopwatch();
      read(keys, READS, db);
      double cpuMicros = watch.finish("get", READS, () -> {}).cpuMicros();
      double misses = db.statistics().blockCacheMisses() - missesBefore;
      return new double[] {cpuMicros, misses / READS};
    }
  }

  private void read(int[] keys, int first, Db db) {
    var key = new byte[DataSet.KEY_BYTES];
    var value = MemorySegment.ofArray(new byte[data.valueBytes()]);
    for (int i = first; i < first + READS; i++) {
      data.key(keys[i], key);
      if (db.get(key, value) != data.valueBytes()) {
        throw new IllegalStateException("entry " + keys[i] + " is missing");
      }
    }
  }
}
