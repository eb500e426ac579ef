package io.atlaskv.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Runs of redis-benchmark.
final class RedisBenchmark {
  private static final Pattern THROUGHPUT =
      Pattern.compile("throughput summary: ([0-9.]+) requests per second");
  private static final Pattern PERCENTILE = Pattern.compile("([0-9.]+)% <= ([0-9.]+) milliseconds");

  private RedisBenchmark() {}

  /// The command line, without port and number of requests.
  static List<String> commandLine(Workload workload, int keys, int core) {
    return List.of(
        "taskset",
        "-c",
        Integer.toString(core),
        "redis-benchmark",
        "-t",
        workload.request().toLowerCase(Locale.ROOT),
        "-c",
        Integer.toString(workload.clients()),
        "-P",
        Integer.toString(workload.pipeline()),
        "-d",
        Integer.toString(Client.VALUE_BYTES),
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
