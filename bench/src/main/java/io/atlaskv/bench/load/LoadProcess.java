package io.atlaskv.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A [LoadGenerator] in a process of its own, bound to a core.
public final class LoadProcess implements AutoCloseable {
  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  private LoadProcess(Process process) {
    this.process = process;
    input = process.outputWriter(StandardCharsets.US_ASCII);
    output = process.inputReader(StandardCharsets.US_ASCII);
  }

  public static LoadProcess start(int core) {
    try {
      return new LoadProcess(
          new ProcessBuilder(commandLine(core))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> commandLine(int core) {
    return List.of(
        "taskset",
        "-c",
        Integer.toString(core),
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-cp",
        System.getProperty("java.class.path"),
        LoadGenerator.class.getName());
  }

  /// Runs a plan to its end.
  ///
  /// @throws IllegalStateException if a reply was an error
  public LoadResult run(LoadPlan plan) {
    begin(plan);
    return await();
  }

  /// Starts a plan; [#await] has to follow.
  public void begin(LoadPlan plan) {
    try {
      input.write(String.join(" ", plan.words()) + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The result of the plan that was begun.
  public LoadResult await() {
    try {
      var line = output.readLine();
      if (line == null) {
        throw new IllegalStateException("the load generator ended, see above");
      }
      var result = LoadResult.parse(line);
      if (result.errors() > 0) {
        throw new IllegalStateException(
            result.errors() + " replies are errors, the first: " + result.firstError());
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
