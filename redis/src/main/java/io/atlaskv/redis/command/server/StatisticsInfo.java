package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.CommandStatistics;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.LatencyHistogram;
import io.atlaskv.redis.config.Percentiles;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Sections of INFO about what commands have done.
final class StatisticsInfo {
  private static final double NANOS_PER_MICRO = 1000;

  private StatisticsInfo() {}

  /// Calls, microseconds, refusals and failures of each command that was sent.
  static Map<String, String> commands(Context context) {
    var lines = new TreeMap<String, String>();
    context
        .data()
        .statistics()
        .forEach(
            context.table(),
            (command, totals) -> {
              if (totals.calls() > 0 || totals.rejected() > 0) {
                double micros = totals.nanos() / NANOS_PER_MICRO;
                lines.put(
                    "cmdstat_" + command.lowerName(),
                    String.format(
                        Locale.ROOT,
                        "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
                        totals.calls(),
                        (long) micros,
                        totals.calls() == 0 ? 0 : micros / totals.calls(),
                        totals.rejected(),
                        totals.failed()));
              }
            });
    return lines;
  }

  /// How often each error was answered.
  static Map<String, String> errors(Context context) {
    var lines = new TreeMap<String, String>();
    context
        .data()
        .statistics()
        .errors()
        .forEach((code, count) -> lines.put("errorstat_" + code, "count=" + count.sum()));
    return lines;
  }

  /// Percentiles of each command, in microseconds.
  static Map<String, String> latencies(Context context) {
    var lines = new TreeMap<String, String>();
    List<Double> percents =
        context.data().settings().monitoring.latencyTrackingInfoPercentiles.value().percents();
    context
        .data()
        .statistics()
        .forEach(
            context.table(),
            (command, totals) -> {
              LatencyHistogram histogram = totals.histogram();
              if (histogram.count() == 0) {
                return;
              }
              var text = new StringBuilder();
              for (double percent : percents) {
                text.append(text.isEmpty() ? "p" : ",p")
                    .append(Percentiles.name(percent))
                    .append(
                        String.format(
                            Locale.ROOT, "=%.3f", histogram.percentile(percent) / NANOS_PER_MICRO));
              }
              lines.put("latency_percentiles_usec_" + command.lowerName(), text.toString());
            });
    return lines;
  }

  /// What the server knows, and the errors.
  static Map<String, String> stats(Context context) {
    var lines = new TreeMap<>(context.host().info("stats"));
    CommandStatistics statistics = context.data().statistics();
    lines.put("total_error_replies", Long.toString(statistics.allErrors()));
    lines.put("keyspace_hits", Long.toString(statistics.hits()));
    lines.put("keyspace_misses", Long.toString(statistics.misses()));
    return lines;
  }
}
