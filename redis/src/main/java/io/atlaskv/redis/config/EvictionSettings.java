package io.atlaskv.redis.config;

import static io.atlaskv.redis.config.SettingSpec.live;

/// Which keys go, and when: those whose time has come, and those for which there is no room.
public final class EvictionSettings {
  private static final int SAMPLES_MAX = 64;
  private static final int EFFORT_MAX = 10;

  public final NumberSetting maxmemory;
  public final ChoiceSetting<EvictionPolicy> maxmemoryPolicy;
  public final NumberSetting maxmemorySamples;
  public final NumberSetting lfuLogFactor;
  public final NumberSetting lfuDecayTime;
  public final NumberSetting activeExpireEffort;

  EvictionSettings(Settings settings) {
    settings.section("Eviction and expiry");
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
    activeExpireEffort =
        settings.number(
            live(
                "active-expire-effort",
                "How soon keys whose time has come are deleted while clients wait: 1 takes turns"
                    + " of 0.2 ms, and lets reads of what is not in memory go first for a"
                    + " millisecond; 10 takes turns of 0.7 ms, and does not. Reads never see such"
                    + " keys either way."),
            1,
            1,
            EFFORT_MAX);
  }

  /// How much of what it can wait for clients the expirer waits, from 0 with all effort to 1.
  public double expiryPatience() {
    return (EFFORT_MAX - activeExpireEffort.intValue()) / (EFFORT_MAX - 1.0);
  }
}
