package io.atlaskv.bench.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Starts a worker, such as [EngineWorker], and listens to it.
final class WorkerProcess {
  static final List<String> JVM_FLAGS = List.of("-Xmx512m");

  private WorkerProcess() {}

  /// What to do with a running worker, which is killed afterwards.
  @FunctionalInterface
  private interface Listener {
    void listen(Process process, BufferedReader output) throws IOException, InterruptedException;
  }

  /// A worker that did not end well.
  static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FailedException(String message) {
      super(message);
    }
  }

  /// Runs a worker to its end; passes its figures on.
  ///
  /// @throws FailedException if it does not end well
  static void run(WorkerCommand command, EngineResult result) {
    with(
        start(command),
        (process, output) -> {
          for (var line = output.readLine(); line != null; line = output.readLine()) {
            Figures.parse(line).ifPresent(result::add);
            Fact.parse(line).ifPresent(result::add);
          }
          int exitCode = process.waitFor();
          if (exitCode != 0) {
            throw new FailedException(command + " exited with " + exitCode);
          }
        });
  }

  /// Runs a worker until it says that it is ready, then kills it.
  ///
  /// @throws FailedException if it ends before
  static void runUntilReadyAndKill(WorkerCommand command) {
    with(
        start(command),
        (process, output) -> {
          awaitReady(command, output);
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

  private static void awaitReady(WorkerCommand command, BufferedReader output) throws IOException {
    var line = output.readLine();
    while (line != null && !line.equals(EngineWorker.READY)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new FailedException(command + " ended before it was ready");
    }
  }

  private static Process start(WorkerCommand command) {
    try {
      return new ProcessBuilder(command.words())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
