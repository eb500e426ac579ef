package io.atlaskv.bench.tuning;

import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.bench.engine.Stopwatch;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;

/// An option that decides what puts cost: all entries are put in an order without locality, then
/// all of them again. Then a memtable is filled to three quarters and its store opened from a copy
/// of its files, which is what a kill at that moment would have left.
///
/// @param mebibytes the settings
/// @param options of the setting with so many bytes
record WriteKnob(
    String name, String axis, List<Long> mebibytes, LongFunction<Options> options, DataSet data)
    implements Knob {
  private static final int PUTS_BETWEEN_LOOKS = 1000;

  WriteKnob {
    mebibytes = List.copyOf(mebibytes);
  }

  static WriteKnob memtable(DataSet data) {
    return new WriteKnob(
        "memtable",
        "`withMemtableBytes`, MiB",
        List.of(4L, 8L, 16L, 32L, 64L, 128L),
        bytes -> base().withMemtableBytes(bytes),
        data);
  }

  static WriteKnob tables(DataSet data) {
    return new WriteKnob(
        "tables",
        "`withTableBytes`, MiB",
        List.of(2L, 4L, 8L, 16L, 32L, 64L),
        bytes -> base().withMemtableBytes(16 << 20).withTableBytes(bytes),
        data);
  }

  private static Options base() {
    return Options.DEFAULT.withDurability(Durability.OS).withBlockCacheBytes(64 << 20);
  }

  @Override
  public String description() {
    return "All entries are put in an order without locality, then once more with other values;"
        + " CPU of all threads until everything is flushed and merged, bytes the process wrote,"
        + " log included. Open: of a copy of the files with a memtable three quarters full, as a"
        + " kill leaves them.";
  }

  @Override
  public List<String> settings() {
    return mebibytes.stream().map(String::valueOf).toList();
  }

  @Override
  public List<Figure> figures() {
    return List.of(
        Figure.of("put, CPU-µs", "%.2f"),
        Figure.of("bytes written for each byte put", "%.2f"),
        Figure.of("bytes of tables for each byte of data", "%.2f"),
        Figure.of("open after a kill, ms", "%.0f"));
  }

  @Override
  public double[] measure(int setting, Path directory) throws IOException {
    Options chosen = options.apply(mebibytes.get(setting) << 20);
    var process = new ProcessStatistics(ProcessHandle.current().pid());
    Path killed = directory.resolve("killed");
    double cpuMicros;
    double written;
    double space;
    try (var home = new TemporaryDirectory(directory.resolve("store"));
        Db db = AtlasKv.open(home.path(), chosen)) {
      long writtenBefore = process.writtenBytes();
      var puts = new Puts(db, data);
      var watch = new Stopwatch();
      puts.all(0);
      puts.all(1);
      cpuMicros = watch.finish("put", 2 * data.entries(), db::flush).cpuMicros();
      written = (process.writtenBytes() - writtenBefore) / (2.0 * data.bytes());
      space = (double) db.statistics().tableBytes() / data.bytes();
      fillMemtable(db, puts, chosen.memtableBytes() / 4 * 3);
      Stopwatch.awaitQuiet(); // no file may go while they are copied
      copy(home.path(), killed);
    }
    try (var left = new TemporaryDirectory(killed)) {
      long opening = System.nanoTime();
      Db db = AtlasKv.open(left.path(), chosen);
      double openMillis = (System.nanoTime() - opening) / 1e6;
      db.close();
      return new double[] {cpuMicros, written, space, openMillis};
    }
  }

  private static void fillMemtable(Db db, Puts puts, long bytes) {
    for (int i = 0; db.statistics().memtableBytes() < bytes; i += PUTS_BETWEEN_LOOKS) {
      puts.some(i, PUTS_BETWEEN_LOOKS, 2);
    }
  }

  /// What other processes would see of the files, synced or not.
  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
