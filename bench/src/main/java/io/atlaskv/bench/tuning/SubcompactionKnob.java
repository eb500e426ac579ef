package io.atlaskv.bench.tuning;

import io.atlaskv.bench.engine.DataSet;
import io.atlaskv.bench.engine.Stopwatch;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.nio.file.Path;
import java.util.List;

/// How many threads may share one merge.
record SubcompactionKnob(DataSet data) implements Knob {
  private static final List<Integer> PARTS = List.of(1, 2);
  private static final int OVERWRITTEN = 4; // one in so many

  @Override
  public String name() {
    return "subcompactions";
  }

  @Override
  public String description() {
    return "All entries are put and merged, a quarter of them is put once more, and `compact()`"
        + " merges all again; nothing else runs meanwhile.";
  }

  @Override
  public String axis() {
    return "`withSubcompactionsMax`";
  }

  @Override
  public List<String> settings() {
    return PARTS.stream().map(String::valueOf).toList();
  }

  @Override
  public List<Figure> figures() {
    return List.of(
        Figure.of("`compact()`, s", "%.2f"), Figure.of("processor time of all threads, s", "%.2f"));
  }

  @Override
  public double[] measure(int setting, Path directory) {
    Options options = Options.DEFAULT.withSubcompactionsMax(PARTS.get(setting));
    try (var home = new TemporaryDirectory(directory.resolve("store"));
        Db db = AtlasKv.open(home.path(), options)) {
      var puts = new Puts(db, data);
      puts.all(0);
      db.compact();
      puts.some(0, data.entries() / OVERWRITTEN, 1);
      db.flush();
      Stopwatch.awaitQuiet();
      var watch = new Stopwatch();
      long start = System.nanoTime();
      db.compact();
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuMicros = watch.finish("compact", data.entries(), () -> {}).cpuMicros();
      return new double[] {seconds, cpuMicros * data.entries() / 1e6};
    }
  }
}
