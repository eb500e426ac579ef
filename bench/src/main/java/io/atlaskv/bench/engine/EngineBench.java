package io.atlaskv.bench.engine;

import io.atlaskv.bench.Arguments;
import io.atlaskv.bench.Report;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Question: what do the classic workloads of an embedded store cost in AtlasKV, compared with its
/// peers on the same machine in the same minutes?
public final class EngineBench {
  private EngineBench() {}

  /// Entry point; see [EngineBenchOptions#USAGE].
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    if (List.of(arguments).contains("--help")) {
      System.out.println(EngineBenchOptions.USAGE);
      return;
    }
    EngineBenchOptions options = Arguments.orExit(() -> EngineBenchOptions.parse(arguments));
    var words = new StringBuilder();
    for (var argument : arguments) {
      words.append(' ').append(argument);
    }
    var lines = new EngineReport(options, words.toString(), run(options)).lines();
    Report.publish(lines, options.report());
  }

  private static Map<Engine, EngineResult> run(EngineBenchOptions options) throws IOException {
    var results = new EnumMap<Engine, EngineResult>(Engine.class);
    options.engines().forEach(engine -> results.put(engine, new EngineResult()));
    var order = new ArrayList<>(options.engines());
    for (int round = 0; round < options.rounds(); round++) {
      for (var set : WorkloadSet.values()) {
        if (options.wants(set)) {
          for (var engine : order) {
            var result = Objects.requireNonNull(results.get(engine));
            if (!result.hasFailed(set)) {
              System.err.printf("round %d: %s on %s%n", round, set, engine.engineName());
              runOnce(options, set, engine, result);
            }
          }
        }
      }
      Collections.rotate(order, 1); // nobody is always the first
    }
    return results;
  }

  private static void runOnce(
      EngineBenchOptions options, WorkloadSet set, Engine engine, EngineResult result)
      throws IOException {
    try (var directory = TemporaryDirectory.create(options.directory(), "engine-bench")) {
      if (set == WorkloadSet.OPEN_AFTER_KILL) {
        WorkerProcess.runUntilReadyAndKill(command(options, engine, "FILL", directory.path()));
        WorkerProcess.run(command(options, engine, "OPEN", directory.path()), result);
      } else {
        WorkerProcess.run(command(options, engine, set.name(), directory.path()), result);
      }
    } catch (WorkerProcess.FailedException e) {
      if (engine == options.engines().getFirst()) {
        throw e;
      }
      System.err.println(e.getMessage());
      result.fail(set, String.valueOf(e.getMessage())); // the hours of the others are not lost
    }
  }

  private static WorkerCommand command(
      EngineBenchOptions options, Engine engine, String task, Path directory) {
    return new WorkerCommand(
        EngineWorker.class,
        WorkerProcess.JVM_FLAGS,
        engine,
        task,
        directory,
        options.shape(),
        List.of());
  }
}
