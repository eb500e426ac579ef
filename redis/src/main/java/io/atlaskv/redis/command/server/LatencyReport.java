package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.LatencyMonitor;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What LATENCY says to people: Redis' words where they are true here.
final class LatencyReport {
  private static final String DISABLED =
      "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. You"
          + " may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in order to enable"
          + " it. If we weren't in a deep space mission I'd suggest to take a look at"
          + " https://redis.io/topics/latency-monitor.\n";
  private static final String CALM =
      "Dave, no latency spike was observed during the lifetime of this Redis instance, not in the"
          + " slightest bit. I honestly think you ought to sit down calmly, take a stress pill, and"
          + " think things over.\n";
  private static final int GRAPH_COLUMNS = 80;
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private LatencyReport() {}

  /// LATENCY DOCTOR.
  static String advice(Context context) {
    Map<String, LatencyMonitor.Event> events = context.data().latencyMonitor().events();
    long thresholdMillis = context.data().settings().monitoring.latencyMonitorThreshold.value();
    if (events.isEmpty()) {
      return thresholdMillis == 0 ? DISABLED : CALM;
    }
    long now = seconds(context);
    var text = new StringBuilder();
    text.append(
            "Dave, I have observed latency spikes in this Redis instance. You don't mind talking")
        .append(" about it, do you Dave?\n\n");
    int number = 0;
    for (var event : events.entrySet()) {
      text.append(++number).append(". ").append(event.getKey()).append(": ");
      text.append(summary(event.getValue(), now)).append('\n');
    }
    text.append("\nI have a few advices for you:\n\n");
    if (events.containsKey("command")) {
      adviseOnCommands(context, thresholdMillis, text);
    }
    if (events.containsKey("fast-command")) {
      text.append(
              "- Commands that take constant time took long. This usually means that the system")
          .append(" does not give the process CPU time, or that the JVM collected garbage. You")
          .append(" should try to:\n  1) Lower the system load.\n  2) Use a computer / VM just for")
          .append(" this server if you are running other software in the same system.\n  3) Check")
          .append(" if you have a \"noisy neighbour\" problem.\n  4) Check with 'redis-cli")
          .append(" --intrinsic-latency 100' what is the intrinsic latency in your system.\n  5)")
          .append(" Start with '-Xlog:gc,safepoint' in ATLASKV_JAVA_OPTS and compare the times.\n");
    }
    return text.toString();
  }

  private static void adviseOnCommands(Context context, long thresholdMillis, StringBuilder text) {
    long slowMicros = context.data().settings().monitoring.slowlogLogSlowerThan.value();
    long thresholdMicros = thresholdMillis * 1000;
    if (slowMicros < 0) {
      text.append("- There are latency issues with potentially slow commands you are using. Try to")
          .append(" enable the Slow Log using the command 'CONFIG SET slowlog-log-slower-than ")
          .append(thresholdMicros)
          .append("'. If the Slow log is disabled slow commands are not logged for you.\n");
    } else if (slowMicros > thresholdMicros) {
      text.append(
              "- Your current Slow Log configuration only logs events that are slower than your")
          .append(" configured latency monitor threshold. Please use 'CONFIG SET")
          .append(" slowlog-log-slower-than ")
          .append(thresholdMicros)
          .append("'.\n");
    }
    text.append(
            "- Check your Slow Log to understand what are the commands you are running which are")
        .append(" too slow to execute. Please check https://redis.io/commands/slowlog for more")
        .append(" information.\n");
  }

  private static String summary(LatencyMonitor.Event event, long nowSeconds) {
    List<LatencyMonitor.Sample> samples = event.samples();
    int count = samples.size();
    long average = samples.stream().mapToLong(LatencyMonitor.Sample::millis).sum() / count;
    long deviations =
        samples.stream().mapToLong(sample -> Math.abs(average - sample.millis())).sum();
    long period = Math.max(1, nowSeconds - samples.getFirst().seconds());
    return String.format(
        Locale.ROOT,
        "%d latency spikes (average %dms, mean deviation %dms, period %.2f sec). Worst all time"
            + " event %dms.",
        count,
        average,
        deviations / count,
        (double) period / count,
        event.millisMax());
  }

  /// LATENCY GRAPH.
  static String graph(Context context, String name, LatencyMonitor.Event event) {
    List<LatencyMonitor.Sample> samples = event.samples();
    long now = seconds(context);
    return String.format(
            Locale.ROOT,
            "%s - high %d ms, low %d ms (all time high %d ms)\n",
            name,
            samples.stream().mapToLong(LatencyMonitor.Sample::millis).max().orElse(0),
            samples.stream().mapToLong(LatencyMonitor.Sample::millis).min().orElse(0),
            event.millisMax())
        + "-".repeat(GRAPH_COLUMNS)
        + "\n"
        + Sparkline.of(
            samples.stream()
                .map(sample ->
                    new Sparkline.Sample(sample.millis(), age(Math.max(0, now - sample.seconds()))))
                .toList());
  }

  /// As Redis labels the samples.
  static String age(long seconds) {
    if (seconds < MINUTE) {
      return seconds + "s";
    }
    if (seconds < HOUR) {
      return seconds / MINUTE + "m";
    }
    return seconds < DAY ? seconds / HOUR + "h" : seconds / DAY + "d";
  }

  private static long seconds(Context context) {
    return context.store().clock().currentTimeMillis() / 1000;
  }
}
