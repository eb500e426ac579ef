package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.atStart;
import static io.atlaskv.redis.config.SettingSpec.live;

/// Where the data is and how safe.
public final class StorageSettings {
  private static final int DATABASES = 16;

  public final ValueSetting<String> dir;
  public final DurabilitySetting durability;
  public final NumberSetting memoryLimit;
  public final NumberSetting databases;

  StorageSettings(Settings settings) {
    dir = settings.text(atStart("dir", "Directory of the data; made if missing."), "data");
    durability =
        settings.add(
            new DurabilitySetting(
                live("durability", "When a write is on disk.")
                    .alias(DurabilitySetting.APPENDFSYNC)));
    memoryLimit =
        settings.bytes(
            atStart("memory-limit", "Memory of the process; 0 is a quarter of the machine's."),
            0,
            0,
            Long.MAX_VALUE);
    databases =
        settings.number(
            atStart("databases", "Number of databases that SELECT knows."),
            DATABASES,
            DATABASES,
            DATABASES);
  }
}
