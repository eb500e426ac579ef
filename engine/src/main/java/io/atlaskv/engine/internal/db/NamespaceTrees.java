package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.internal.compaction.IoShares;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.TreeProfile;
import io.atlaskv.engine.internal.manifest.VersionSet;
import java.util.Map;

/// Which namespaces have trees of their own. One gets it as soon as its style is not that of the
/// shared tree, or it has shares of the I/O, as only what is merged for itself can be paid for by
/// itself; it keeps it until it is dropped.
public final class NamespaceTrees {
  private final VersionSet versions;
  private final VersionInstaller installer;
  private final CompactionWork compactions;
  private final StoreFailure failure;
  private final Admission admission;
  private IoShares shares = IoShares.UNDIVIDED; // guarded by this

  NamespaceTrees(
      VersionSet versions,
      VersionInstaller installer,
      CompactionWork compactions,
      StoreFailure failure,
      Admission admission) {
    this.versions = versions;
    this.installer = installer;
    this.compactions = compactions;
    this.failure = failure;
    this.admission = admission;
  }

  /// Namespaces that have one, and those trees.
  public Map<Integer, Tree> all() {
    return versions.state().trees();
  }

  /// Has the tables of a namespace merged as its options say from now on.
  ///
  /// @param isNew whether nothing was ever written to it
  public void follow(int namespace, NamespaceOptions options, boolean isNew) {
    CompactionStyle style = options.compaction();
    boolean isDefault = style.equals(CompactionStyle.LEVELED) && options.ioShares() == 0;
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

  /// Gives a namespace so many shares of the I/O from now on, 0 is none of its own.
  public synchronized void shares(int namespace, int value) {
    IoShares changed = shares.with(namespace, value);
    if (changed != shares) {
      shares = changed;
      admission.shares(changed);
      compactions.shares(changed);
    }
  }

  /// Has the tree of a namespace that was dropped emptied and forgotten.
  public void forget(int namespace) {
    shares(namespace, 0);
    if (all().containsKey(namespace)) {
      installer.profile(namespace, before -> before == null ? null : before.dropped());
    }
  }
}
