package io.atlaskv.bench.engine;

import java.util.Locale;
import java.util.Optional;

/// What one workload cost in one round. Travels as a line of text from the worker to the program.
///
/// @param longestMicros the longest time without a finished operation, stalls and pauses included;
///   0 where it was not measured
/// @param cpuMicros of the whole process per operation, background threads included, until
///   everything is flushed and merged
public record Figures(
    String workload,
    double opsPerSecond,
    double foregroundMicros,
    double cpuMicros,
    double p50Micros,
    double p999Micros,
    double longestMicros) {
  private static final String MARK = "FIGURES";

  String line() {
    return String.format(
        Locale.ROOT,
        "%s %s %f %f %f %f %f %f",
        MARK,
        workload,
        opsPerSecond,
        foregroundMicros,
        cpuMicros,
        p50Micros,
        p999Micros,
        longestMicros);
  }

  static Optional<Figures> parse(String line) {
    var words = line.split(" ", -1);
    if (words.length != 8 || !words[0].equals(MARK)) {
      return Optional.empty();
    }
    return Optional.of(
        new Figures(
            words[1],
            Double.parseDouble(words[2]),
            Double.parseDouble(words[3]),
            Double.parseDouble(words[4]),
            Double.parseDouble(words[5]),
            Double.parseDouble(words[6]),
            Double.parseDouble(words[7])));
  }
}
