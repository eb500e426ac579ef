package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.manifest.StoreFeatures;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns optional features of the format on, each with the first batch that needs it. What a store
/// does not use, an older release need not know to open it.
///
/// Invariant: no batch is committed before the manifest durably names the features it needs, so
/// that a release that does not know them refuses the store and never meets the batch.
final class FeatureSwitch {
  private final VersionInstaller installer;
  private final StoreFailure failure;
  private final Runnable onChange;
  private final AtomicBoolean isSwitching = new AtomicBoolean();
  private volatile long features;
  private volatile @Nullable StorageException refusal;

  /// @param features those of the manifest
  /// @param onChange runs when a switch ended, either way
  FeatureSwitch(
      long features, VersionInstaller installer, StoreFailure failure, Runnable onChange) {
    this.features = features;
    this.installer = installer;
    this.failure = failure;
    this.onChange = onChange;
  }

  /// Whether a batch may be committed. If not, what it needs is being switched on, and the caller
  /// tries again after `onChange`.
  ///
  /// @param worker runs what may block
  /// @throws io.atlaskv.engine.api.ReadOnlyException if it could not be switched on
  boolean isReadyFor(BatchBuilder batch, Consumer<Runnable> worker) {
    if (!batch.hasExpiring() || StoreFeatures.has(features, StoreFeatures.EXPIRY)) {
      return true;
    }
    failure.requireWritable();
    StorageException last = refusal;
    if (last != null) {
      refusal = null;
      throw StoreFailure.diskFull(last);
    }
    if (isSwitching.compareAndSet(false, true)) {
      try {
        worker.accept(() -> switchOn(StoreFeatures.EXPIRY));
      } catch (AtlasException e) {
        isSwitching.set(false);
        throw e;
      }
    }
    return false;
  }

  /// Whether a switch is under way.
  boolean isSwitching() {
    return isSwitching.get();
  }

  private void switchOn(long feature) {
    try {
      if (!StoreFeatures.has(features, feature)) {
        installer.install(VersionEdit.builder().features(feature).build());
        features |= feature; // nobody else is here
      }
    } catch (StorageException e) {
      if (!failure.isPermanent()) {
        refusal = e;
      }
    } finally {
      isSwitching.set(false);
      onChange.run();
    }
  }
}
