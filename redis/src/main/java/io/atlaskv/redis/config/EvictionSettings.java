package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.live;

/// How much the keys and values of all databases may be, and what goes when it is more.
public final class EvictionSettings {
  private static final int SAMPLES_MAX = 64;

  public final NumberSetting maxmemory;
  public final ChoiceSetting<EvictionPolicy> maxmemoryPolicy;
  public final NumberSetting maxmemorySamples;
  public final NumberSetting lfuLogFactor;
  public final NumberSetting lfuDecayTime;

  EvictionSettings(Settings settings) {
    settings.section("Eviction");
    maxmemory =
        settings.bytes(
            live(
                "maxmemory",
                "Most bytes of live keys and values, on disk or not; 0 is no limit. Memory of the"
                    + " process is bounded by memory-limit."),
            0,
            0,
            Long.MAX_VALUE);
    maxmemoryPolicy =
        settings.choice(
            live("maxmemory-policy", "Which keys go when maxmemory is reached."),
            EvictionPolicy.NOEVICTION);
    maxmemorySamples =
        settings.number(
            live("maxmemory-samples", "Keys drawn for each that goes: more find a better one."),
            5,
            1,
            SAMPLES_MAX);
    lfuLogFactor =
        settings.number(
            live("lfu-log-factor", "How slowly the frequency counter of a key grows."),
            10,
            0,
            Integer.MAX_VALUE);
    lfuDecayTime =
        settings.number(
            live("lfu-decay-time", "Minutes until a frequency counter loses one; 0 is never."),
            1,
            0,
            Integer.MAX_VALUE);
  }
}
