package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CompactionStyle;

/// What a tree of one namespace is like.
///
/// @param style how its tables are merged
/// @param hasOlderShared whether the shared tree may have entries of the namespace, which are older
///   than all in this tree
/// @param isDropped whether the namespace is no more: once the tree is empty it is forgotten
public record TreeProfile(CompactionStyle style, boolean hasOlderShared, boolean isDropped) {
  /// With another style, of a namespace that exists, be it that a power cut took back that it was
  /// dropped.
  public TreeProfile withStyle(CompactionStyle value) {
    return new TreeProfile(value, hasOlderShared, false);
  }

  /// Of a namespace that was dropped. The default style empties it.
  public TreeProfile dropped() {
    return new TreeProfile(CompactionStyle.LEVELED, hasOlderShared, true);
  }
}
