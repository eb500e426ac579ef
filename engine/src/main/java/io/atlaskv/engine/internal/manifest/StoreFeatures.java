package io.atlaskv.engine.internal.manifest;

import java.util.ArrayList;
import java.util.List;

/// Optional features of the format that a store uses, as bits of a number in its manifest. A bit is
/// set before the first byte is written that needs it, and never taken back; a release that does
/// not know one refuses the store.
public final class StoreFeatures {
  /// There may be entries that expire, in the log and in tables.
  public static final long EXPIRY = 1;

  /// There may be tables that have their sequence from the manifest (`TableMeta.withSequence`).
  public static final long INGESTED = 2;

  /// All that this release knows.
  public static final long KNOWN = EXPIRY | INGESTED;

  private StoreFeatures() {}

  /// For people.
  public static List<String> names(long features) {
    var names = new ArrayList<String>();
    if (has(features, EXPIRY)) {
      names.add("expiry");
    }
    if (has(features, INGESTED)) {
      names.add("ingested");
    }
    return names;
  }

  /// Whether all bits of `feature` are in `features`.
  public static boolean has(long features, long feature) {
    return (features & feature) == feature;
  }
}
