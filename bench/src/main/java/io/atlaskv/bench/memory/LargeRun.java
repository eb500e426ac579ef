package io.atlaskv.bench.memory;

import io.atlaskv.testkit.process.ProcessStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// One process with a store of one kind of rows, watched from outside while it goes through its
/// parts.
final class LargeRun {
  static final String PART = "PART ";

  private static final long SAMPLE_MILLIS = 20;

  /// What a part says of itself, and the greatest RssAnon that was seen in it.
  record Part(String line, long rssKib) {}

  private final Process process;
  private final ProcessStatistics statistics;
  private final AtomicLong greatestKib = new AtomicLong(); // in the part that runs
  private final List<Part> parts = new ArrayList<>();

  private LargeRun(Process process) {
    this.process = process;
    this.statistics = new ProcessStatistics(process.pid());
  }

  /// Starts the process and waits for its end; returns its parts.
  ///
  /// @throws IllegalStateException if a part failed
  static List<Part> run(LargeData data, Path directory, int heapMib, long limitBytes)
      throws IOException, InterruptedException {
    var run = new LargeRun(start(data, directory, heapMib, limitBytes));
    try {
      Thread reader = Thread.ofVirtual().start(run::readParts);
      run.watch();
      reader.join();
    } finally {
      run.process.destroyForcibly();
    }
    int exitCode = run.process.waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException("the worker exited with " + exitCode);
    }
    return run.parts;
  }

  private static Process start(LargeData data, Path directory, int heapMib, long limitBytes)
      throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx" + heapMib + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            LargeWorker.class.getName(),
            directory.toString(),
            Long.toString(data.bytes()),
            Integer.toString(data.valueBytes()),
            Long.toString(limitBytes))
        .redirectErrorStream(true)
        .start();
  }

  private void readParts() {
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        System.err.println(line);
        if (line.startsWith(PART)) {
          sample(); // one that is over before the next is due has at least this
          parts.add(new Part(line.substring(PART.length()), greatestKib.getAndSet(0)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void watch() throws InterruptedException {
    while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
      sample();
    }
  }

  private void sample() {
    try {
      greatestKib.accumulateAndGet(statistics.statusKib("RssAnon"), Math::max);
    } catch (UncheckedIOException | IllegalStateException _) {
      // The process is at its end: no memory any more, and the next wait returns.
    }
  }
}
