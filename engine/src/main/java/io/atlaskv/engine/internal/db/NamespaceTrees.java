package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.TreeProfile;
import io.atlaskv.engine.internal.manifest.VersionSet;
import java.util.Map;

/// Which namespaces have trees of their own. One gets it as soon as its style is not that of the
/// shared tree, and keeps it until it is dropped.
final class NamespaceTrees {
  private final VersionSet versions;
  private final VersionInstaller installer;
  private final CompactionWork compactions;
  private final StoreFailure failure;

  NamespaceTrees(
      VersionSet versions,
      VersionInstaller installer,
      CompactionWork compactions,
      StoreFailure failure) {
    this.versions = versions;
    this.installer = installer;
    this.compactions = compactions;
    this.failure = failure;
  }

  /// Namespaces that have one, and those trees.
  Map<Integer, Tree> all() {
    return versions.state().trees();
  }

  /// Has the tables of a namespace merged in this style from now on.
  ///
  /// @param isNew whether nothing was ever written to it
  void style(int namespace, CompactionStyle style, boolean isNew) {
    boolean isDefault = style.equals(CompactionStyle.LEVELED);
    if (isDefault && !all().containsKey(namespace)) {
      return;
    }
    failure.requireWritable();
    installer.profile(
        namespace,
        before -> {
          if (before != null) {
            return before.withStyle(style);
          }
          return isDefault ? null : new TreeProfile(style, !isNew, false);
        });
    compactions.wake();
  }

  /// Has the tree of a namespace that was dropped emptied and forgotten.
  void forget(int namespace) {
    if (all().containsKey(namespace)) {
      installer.profile(namespace, before -> before == null ? null : before.dropped());
    }
  }
}
