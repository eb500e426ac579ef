package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;
import static io.atlaskv.redis.config.SettingSpec.live;

/// What a client may use.
public final class ClientSettings {
  private static final long MIB = 1024 * 1024;

  public final NumberSetting maxclients;
  public final NumberSetting protoMaxBulkLen;
  public final NumberSetting queryBufferLimit;

  ClientSettings(Settings settings) {
    settings.section("Clients");
    maxclients =
        settings.number(
            atStart("maxclients", "Connections at a time."), 10_000, 1, Integer.MAX_VALUE);
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
            atStart(
                "client-query-buffer-limit",
                "Longest command with all its arguments; less if the memory limit is small."),
            1024 * MIB,
            MIB,
            Long.MAX_VALUE);
  }
}
