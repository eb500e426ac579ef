package io.atlaskv.engine.api;

import java.util.Objects;

/// What one namespace wants other than the rest of the store. Kept in the store itself: a namespace
/// that is opened without options has those it was last given.
///
/// @param compaction how its tables are merged; may be changed at any time, the next merges follow
///   it
public record NamespaceOptions(CompactionStyle compaction) {
  /// The defaults.
  public static final NamespaceOptions DEFAULT = new NamespaceOptions(CompactionStyle.LEVELED);

  public NamespaceOptions {
    Objects.requireNonNull(compaction, "compaction");
  }

  /// With another way to merge tables.
  public NamespaceOptions withCompaction(CompactionStyle value) {
    return new NamespaceOptions(value);
  }
}
