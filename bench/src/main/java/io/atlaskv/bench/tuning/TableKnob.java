package io.atlaskv.bench.tuning;

import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.bench.engine.Stopwatch;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// An option that decides how tables are written, where half of each value could be saved.
///
/// @param options of each setting
record TableKnob(
    String name, String axis, List<String> settings, List<Options> options, DataSet data)
    implements Knob {
  private static final long ALL_CACHED = 512 << 20;
  private static final long LITTLE_CACHED = 4 << 20;

  TableKnob {
    settings = List.copyOf(settings);
    options = List.copyOf(options);
  }

  static TableKnob compression(DataSet data) {
    var compressions = List.of(Compression.values());
    return new TableKnob(
        "compression",
        "`withCompression`",
        compressions.stream().map(Enum::name).toList(),
        compressions.stream().map(Options.DEFAULT::withCompression).toList(),
        data);
  }

  static TableKnob rowChecksums(DataSet data) {
    return new TableKnob(
        "row-checksums",
        "`withRowChecksums`",
        List.of("false", "true"),
        List.of(Options.DEFAULT, Options.DEFAULT.withRowChecksums(true)),
        data);
  }

  @Override
  public String description() {
    return "All entries are put, then put once more, and merged; then each is read, with all blocks"
        + " in the cache and with a cache of 4 MiB, and all are scanned through that cache.";
  }

  @Override
  public List<Figure> figures() {
    return List.of(
        Figure.of("bytes of tables for each byte of data", "%.2f"),
        Figure.of("put, CPU-µs", "%.2f"),
        Figure.of("get of a cached block, CPU-µs", "%.2f"),
        Figure.of("get, 4 MiB cached, CPU-µs", "%.2f"),
        Figure.of("entry of a scan, CPU-µs", "%.3f"));
  }

  @Override
  public double[] measure(int setting, Path directory) {
    Options chosen = options.get(setting).withMemtableBytes(16 << 20);
    try (var home = new TemporaryDirectory(directory.resolve("store"))) {
      double[] values = new double[5];
      try (Db db = AtlasKv.open(home.path(), chosen.withBlockCacheBytes(ALL_CACHED))) {
        var puts = new Puts(db, data);
        var watch = new Stopwatch();
        puts.all(0);
        puts.all(1);
        values[1] = watch.finish("put", 2 * data.entries(), db::flush).cpuMicros();
        db.compact();
        values[0] = (double) db.statistics().tableBytes() / data.bytes();
        get(db);
        values[2] = get(db);
      }
      try (Db db = AtlasKv.open(home.path(), chosen.withBlockCacheBytes(LITTLE_CACHED))) {
        values[3] = get(db);
        values[4] = scan(db);
      }
      return values;
    }
  }

  private double get(Db db) {
    var key = new byte[DataSet.KEY_BYTES];
    var value = MemorySegment.ofArray(new byte[data.valueBytes()]);
    var watch = new Stopwatch();
    for (int i = 0; i < data.entries(); i++) {
      data.key(data.shuffled(i), key);
      if (db.get(key, value) != data.valueBytes()) {
        throw new IllegalStateException("entry " + data.shuffled(i) + " is missing");
      }
    }
    return watch.finish("get", data.entries(), () -> {}).cpuMicros();
  }

  private double scan(Db db) {
    var value = MemorySegment.ofArray(new byte[data.valueBytes()]);
    var watch = new Stopwatch();
    int entries = 0;
    try (var cursor = db.range(Range.all()).open()) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        entries += cursor.value(value) == data.valueBytes() ? 1 : 0;
      }
    }
    if (entries != data.entries()) {
      throw new IllegalStateException("scanned " + entries + " entries, not " + data.entries());
    }
    return watch.finish("scan", entries, () -> {}).cpuMicros();
  }
}
