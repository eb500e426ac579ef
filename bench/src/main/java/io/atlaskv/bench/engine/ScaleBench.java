package io.atlaskv.bench.engine;

import io.atlaskv.bench.Arguments;
import io.atlaskv.bench.Report;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Question: how do time to open, cost of reads and writes, and memory grow with the number of
/// entries?
public final class ScaleBench {
  /// A small heap, as it counts as memory like everything else.
  static final List<String> JVM_FLAGS = List.of("-Xmx128m");

  private ScaleBench() {}

  /// Entry point; see [ScaleOptions#USAGE].
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    if (List.of(arguments).contains("--help")) {
      System.out.println(ScaleOptions.USAGE);
      return;
    }
    ScaleOptions options = Arguments.orExit(() -> ScaleOptions.parse(arguments));
    var columns = new ArrayList<ScaleReport.Column>();
    for (int size : options.sizes()) {
      for (var engine : options.engines()) {
        columns.add(run(options, size, engine));
      }
    }
    var lines = new ScaleReport(options, String.join(" ", arguments), columns).lines();
    Report.publish(lines, options.report());
  }

  private static ScaleReport.Column run(ScaleOptions options, int size, Engine engine)
      throws IOException {
    var result = new EngineResult();
    try (var directory = TemporaryDirectory.create(options.directory(), "scale")) {
      for (var task : ScaleWorker.Task.values()) {
        long start = System.nanoTime();
        WorkerProcess.run(command(options, size, engine, task, directory.path()), result);
        System.err.printf(
            "%s of %,d entries on %s: %.0f s%n",
            task, size, engine.engineName(), (System.nanoTime() - start) / 1e9);
      }
    }
    return new ScaleReport.Column(engine, size, result);
  }

  private static WorkerCommand command(
      ScaleOptions options, int size, Engine engine, ScaleWorker.Task task, Path directory) {
    var settings = options.settings(directory);
    return new WorkerCommand(
        ScaleWorker.class,
        JVM_FLAGS,
        engine,
        task.name(),
        directory,
        options.shape(size),
        List.of(Long.toString(settings.memtableBytes()), Long.toString(settings.cacheBytes())));
  }
}
