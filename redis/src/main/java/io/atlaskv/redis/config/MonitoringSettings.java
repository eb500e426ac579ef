package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.live;

import io.atlaskv.redis.pubsub.KeyEvents;

/// What is recorded about the work of the server.
public final class MonitoringSettings {
  public final NumberSetting slowlogLogSlowerThan;
  public final NumberSetting slowlogMaxLen;
  public final NumberSetting latencyMonitorThreshold;
  public final BooleanSetting latencyTracking;
  public final ValueSetting<Percentiles> latencyTrackingInfoPercentiles;

  /// What `KeyEvents.select` takes.
  public final ValueSetting<Integer> notifyKeyspaceEvents;

  MonitoringSettings(Settings settings) {
    settings.section("Observation");
    slowlogLogSlowerThan =
        settings.number(
            live(
                "slowlog-log-slower-than",
                "Microseconds from which on SLOWLOG keeps a command; -1 keeps none."),
            10_000,
            -1,
            Long.MAX_VALUE);
    slowlogMaxLen =
        settings.number(
            live("slowlog-max-len", "Commands that SLOWLOG keeps."), 128, 0, Long.MAX_VALUE);
    latencyMonitorThreshold =
        settings.number(
            live(
                "latency-monitor-threshold",
                "Milliseconds from which on LATENCY keeps an event; 0 keeps none."),
            0,
            0,
            Long.MAX_VALUE);
    latencyTracking =
        settings.bool(
            live("latency-tracking", "Whether the latency of each command is counted."), true);
    latencyTrackingInfoPercentiles =
        settings.value(
            live(
                    "latency-tracking-info-percentiles",
                    "Percentiles of the latency of each command that INFO latencystats tells.")
                .list(),
            Percentiles.FORM,
            Percentiles.DEFAULT);
    notifyKeyspaceEvents =
        settings.value(
            live(
                "notify-keyspace-events",
                "Key events to publish: K and E say where, the other letters which."),
            new ValueSetting.Form<>(
                "letters of KEg$lshzxetdnmA",
                (text, _) -> KeyEvents.read(text),
                KeyEvents::letters),
            0);
  }
}
