package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.live;

/// What a client may use.
public final class ClientSettings {
  private static final long MIB = 1024 * 1024;

  public final NumberSetting maxclients;
  public final NumberSetting protoMaxBulkLen;
  public final NumberSetting queryBufferLimit;

  public final ValueSetting<OutputLimits> outputLimits;
  public final NumberSetting timeout;

  ClientSettings(Settings settings) {
    settings.section("Clients");
    outputLimits =
        settings.value(
            live(
                    "client-output-buffer-limit",
                    "For each class of clients (normal, replica, pubsub): unsent bytes from which on"
                        + " it is closed, those it may have for so many seconds, and these.")
                .accumulated(),
            OutputLimits.FORM,
            OutputLimits.DEFAULT);
    timeout =
        settings.number(
            live("timeout", "Seconds after which an idle client is closed; 0: never."),
            0,
            0,
            Integer.MAX_VALUE);
    maxclients =
        settings.number(live("maxclients", "Connections at a time."), 10_000, 1, Integer.MAX_VALUE);
    protoMaxBulkLen =
        settings.bytes(
            live(
                "proto-max-bulk-len",
                "Longest string, and longest argument as far as the memory limit allows."),
            512 * MIB,
            MIB,
            Long.MAX_VALUE);
    queryBufferLimit =
        settings.bytes(
            live(
                "client-query-buffer-limit",
                "Longest command with all its arguments, as far as the memory limit allows."),
            1024 * MIB,
            MIB,
            Long.MAX_VALUE);
  }
}
