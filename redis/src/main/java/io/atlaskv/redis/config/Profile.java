package io.atlaskv.redis.config;

import java.util.Map;

/// Presets for a purpose: what may be lost, and whether checkpoints are worth their space.
public enum Profile {
  /// As the single settings say.
  NONE(Map.of()),
  /// The data can be made again: nothing waits for the disk.
  CACHE(Map.of("durability", "os", "save", "")),
  /// The data can be made again, slowly: a second of it may be lost.
  CACHE_WITH_FALLBACK(Map.of("durability", "interval:1s", "save", "")),
  /// The data of an application: a second may be lost, and there is a checkpoint to go back to.
  APPLICATION_STATE(Map.of("durability", "interval:1s", "save", "3600 1 300 100 60 10000")),
  /// Nothing acknowledged is lost, and there is a checkpoint to go back to.
  FINANCIAL(Map.of("durability", "always", "save", "3600 1 300 100 60 10000")),
  /// Small values overwritten again and again: a second may be lost and is read anew.
  OFFSET_STORE(Map.of("durability", "interval:1s", "save", "", "memtable-size", "4mb"));

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
  private final Map<String, String> presets;

  Profile(Map<String, String> presets) {
    this.presets = presets;
  }

  /// Names and values of settings.
  public Map<String, String> presets() {
    return presets;
  }
}
