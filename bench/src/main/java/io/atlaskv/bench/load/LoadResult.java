package io.atlaskv.bench.load;

import java.util.List;
import java.util.Locale;

/// What the client saw of one run.
///
/// @param p50Micros and the other percentiles: of closed loops from sending a pipeline to its last
///   reply, of fixed rates from the time the request was due
/// @param clientCpuMicros of the generator itself, per request
/// @param stale values found after [LoadPlan#absentAfterMillis]
/// @param firstError empty without errors
public record LoadResult(
    double opsPerSecond,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros,
    double clientCpuMicros,
    long stale,
    long errors,
    String firstError) {
  /// One line; [#parse] reads it.
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "ops/s %.1f p50 %.1f p99 %.1f p99.9 %.1f max %.1f client-cpu %.3f stale %d errors %d %s",
        opsPerSecond,
        p50Micros,
        p99Micros,
        p999Micros,
        maxMicros,
        clientCpuMicros,
        stale,
        errors,
        firstError);
  }

  static LoadResult parse(String line) {
    var words = List.of(line.split(" ", 17));
    if (words.size() < 17) {
      throw new IllegalStateException("the load generator said: " + line);
    }
    return new LoadResult(
        Double.parseDouble(words.get(1)),
        Double.parseDouble(words.get(3)),
        Double.parseDouble(words.get(5)),
        Double.parseDouble(words.get(7)),
        Double.parseDouble(words.get(9)),
        Double.parseDouble(words.get(11)),
        Long.parseLong(words.get(13)),
        Long.parseLong(words.get(15)),
        words.get(16));
  }
}
