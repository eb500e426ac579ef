package io.atlaskv.engine.internal.manifest;

import java.util.List;

/// Optional features of the format that a store uses, as bits of a number in its manifest. A bit is
/// set before the first byte is written that needs it, and never taken back; a release that does
/// not know one refuses the store.
public final class StoreFeatures {
  /// There may be entries that expire, in the log and in tables.
  public static final long EXPIRY = 1;

  /// All that this release knows.
  public static final long KNOWN = EXPIRY;

  private StoreFeatures() {}

  /// For people.
  public static List<String> names(long features) {
    return has(features, EXPIRY) ? List.of("expiry") : List.of();
  }

  /// Whether all bits of `feature` are in `features`.
  public static boolean has(long features, long feature) {
    return (features & feature) == feature;
  }
}
