package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Why the store takes no writes, if so. A failed write or sync is for good: the kernel may have
/// dropped the pages, so that a second sync would lie (ATC 2020, "Can applications recover from
/// fsync failures?"). A full disk passes.
final class StoreFailure {
  private final AtomicReference<@Nullable AtlasException> permanent = new AtomicReference<>();
  private volatile @Nullable AtlasException passing;
  private volatile @Nullable Wal log;

  /// From now on a failure of the log is one of the store.
  void watch(Wal wal) {
    log = wal;
  }

  /// Makes the store read-only until it is opened again. The first failure is kept.
  void fail(AtlasException failure) {
    permanent.compareAndSet(null, failure);
  }

  /// Refuses writes until `resume`.
  void pause(AtlasException failure) {
    passing = failure;
  }

  void resume() {
    passing = null;
  }

  boolean isPermanent() {
    return permanentFailure() != null;
  }

  /// The failure, or null when writes are taken.
  @Nullable AtlasException current() {
    AtlasException failure = permanentFailure();
    return failure != null ? failure : passing;
  }

  private @Nullable AtlasException permanentFailure() {
    AtlasException failure = permanent.get();
    Wal wal = log;
    return failure != null || wal == null ? failure : wal.failure();
  }

  /// Throws when the store takes no writes.
  void requireWritable() {
    AtlasException failure = current();
    if (failure != null) {
      throw new ReadOnlyException(
          isPermanent()
              ? "the store is read-only since a write or sync failed (" + failure.getMessage() + ")"
              : "the store takes no writes: " + failure.getMessage(),
          failure);
    }
  }
}
