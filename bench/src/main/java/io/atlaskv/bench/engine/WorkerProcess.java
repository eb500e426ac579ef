package io.atlaskv.bench.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts an [EngineWorker] and listens to it.
final class WorkerProcess {
  static final List<String> JVM_FLAGS = List.of("-Xmx512m");

  private WorkerProcess() {}

  /// What to do with a running worker, which is killed afterwards.
  @FunctionalInterface
  private interface Listener {
    void listen(Process process, BufferedReader output) throws IOException, InterruptedException;
  }

  /// Runs a worker to its end; passes its figures on.
  static void run(
      Engine engine, String task, Path directory, DataShape shape, EngineResult result) {
    with(
        start(engine, task, directory, shape),
        (process, output) -> {
          for (var line = output.readLine(); line != null; line = output.readLine()) {
            Figures.parse(line).ifPresent(result::add);
            Fact.parse(line).ifPresent(result::add);
          }
          requireGood(engine, task, process.waitFor());
        });
  }

  /// Runs a worker until it says that it is ready, then kills it.
  static void runUntilReadyAndKill(Engine engine, String task, Path directory, DataShape shape) {
    with(
        start(engine, task, directory, shape),
        (process, output) -> {
          awaitReady(engine, task, output);
          process.destroyForcibly().waitFor();
        });
  }

  private static void with(Process process, Listener listener) {
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      listener.listen(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for a worker", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void awaitReady(Engine engine, String task, BufferedReader output)
      throws IOException {
    var line = output.readLine();
    while (line != null && !line.equals(EngineWorker.READY)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IllegalStateException(engine + " ended before it was ready in " + task);
    }
  }

  private static Process start(Engine engine, String task, Path directory, DataShape shape) {
    var words = new ArrayList<String>();
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.addAll(JVM_FLAGS);
    words.addAll(engine.jvmFlags());
    words.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            EngineWorker.class.getName(),
            engine.engineName(),
            task,
            directory.toString(),
            Integer.toString(shape.entries()),
            Integer.toString(shape.valueBytes())));
    try {
      return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireGood(Engine engine, String task, int exitCode) {
    if (exitCode != 0) {
      throw new IllegalStateException(engine + " exited with " + exitCode + " in " + task);
    }
  }
}
