package io.atlaskv.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One run of redis-benchmark.
///
/// @param p50Millis and the other percentiles are the client's view of a whole pipeline
record Load(double opsPerSecond, double p50Millis, double p99Millis, double p999Millis) {
  static final int CLIENTS = 50;
  static final int VALUE_BYTES = 100;

  private static final Pattern THROUGHPUT =
      Pattern.compile("throughput summary: ([0-9.]+) requests per second");
  private static final Pattern PERCENTILE = Pattern.compile("([0-9.]+)% <= ([0-9.]+) milliseconds");

  /// The command line, without port and number of requests.
  static List<String> commandLine(Workload workload, int keys, int core) {
    return List.of(
        "taskset",
        "-c",
        Integer.toString(core),
        "redis-benchmark",
        "-t",
        workload.name().substring(0, 3),
        "-c",
        Integer.toString(CLIENTS),
        "-P",
        Integer.toString(workload.pipeline()),
        "-d",
        Integer.toString(VALUE_BYTES),
        "-r",
        Integer.toString(keys),
        "--precision",
        "3");
  }

  static Load run(Workload workload, int keys, int core, int port, int requests) {
    var words = new ArrayList<>(commandLine(workload, keys, core));
    words.addAll(List.of("-p", Integer.toString(port), "-n", Integer.toString(requests)));
    try {
      var process = new ProcessBuilder(words).redirectErrorStream(true).start();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException(words + " exited with " + exitCode + ":\n" + text);
      }
      return parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while running " + words, e);
    }
  }

  static Load parse(String text) {
    var throughput = THROUGHPUT.matcher(text);
    if (!throughput.find()) {
      throw new IllegalStateException("no throughput in the output of redis-benchmark:\n" + text);
    }
    return new Load(
        Double.parseDouble(throughput.group(1)),
        percentile(text, 50),
        percentile(text, 99),
        percentile(text, 99.9));
  }

  /// The first printed percentile that is not lower.
  private static double percentile(String text, double wanted) {
    var lines = PERCENTILE.matcher(text);
    while (lines.find()) {
      if (Double.parseDouble(lines.group(1)) >= wanted) {
        return Double.parseDouble(lines.group(2));
      }
    }
    throw new IllegalStateException("no percentile " + wanted + " in:\n" + text);
  }
}
