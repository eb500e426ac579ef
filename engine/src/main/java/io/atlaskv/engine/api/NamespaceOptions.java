package io.atlaskv.engine.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one namespace wants other than the rest of the store. Kept in the store itself: a namespace
/// that is opened without options has those it was last given.
///
/// A quota has to be given when the namespace is made; from then on it may be raised, lowered, even
/// below what there is, or taken away for good. docs/embedded/namespaces.md says what counts.
///
/// @param compaction how its tables are merged; may be changed at any time, the next merges follow
///   it
/// @param quotaBytes most bytes of live keys and values; 0 is no limit
/// @param quotaEntries most live entries; 0 is no limit
/// @param durability of its writes, which are at least as durable as that, as
///   [Options#durability()] and as the call says; null asks for nothing
public record NamespaceOptions(
    CompactionStyle compaction,
    long quotaBytes,
    long quotaEntries,
    @Nullable Durability durability) {
  /// The defaults.
  public static final NamespaceOptions DEFAULT =
      new NamespaceOptions(CompactionStyle.LEVELED, 0, 0, null);

  public NamespaceOptions {
    Objects.requireNonNull(compaction, "compaction");
    if (quotaBytes < 0) {
      throw new IllegalArgumentException("quotaBytes must be at least 0, is " + quotaBytes);
    }
    if (quotaEntries < 0) {
      throw new IllegalArgumentException("quotaEntries must be at least 0, is " + quotaEntries);
    }
  }

  /// Whether there is a quota of bytes or of entries.
  public boolean hasQuota() {
    return quotaBytes > 0 || quotaEntries > 0;
  }

  /// With another way to merge tables.
  public NamespaceOptions withCompaction(CompactionStyle value) {
    return new NamespaceOptions(value, quotaBytes, quotaEntries, durability);
  }

  /// With another quota of bytes.
  public NamespaceOptions withQuotaBytes(long value) {
    return new NamespaceOptions(compaction, value, quotaEntries, durability);
  }

  /// With another quota of entries.
  public NamespaceOptions withQuotaEntries(long value) {
    return new NamespaceOptions(compaction, quotaBytes, value, durability);
  }

  /// With another durability.
  public NamespaceOptions withDurability(@Nullable Durability value) {
    return new NamespaceOptions(compaction, quotaBytes, quotaEntries, value);
  }
}
