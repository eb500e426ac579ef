package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.StorageException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Why the store takes no writes, if so. A failed write or sync is for good: the kernel may have
/// dropped the pages, so that a second sync would lie (ATC 2020, "Can applications recover from
/// fsync failures?"). A full disk passes.
final class StoreFailure {
  private final AtomicReference<@Nullable AtlasException> permanent = new AtomicReference<>();
  private volatile @Nullable AtlasException passing;
  private boolean isOpenedReadOnly;
  private Supplier<@Nullable AtlasException> log = () -> null;
  private Runnable onDiskFull = () -> {};

  /// Makes the log's own failure the store's. To be called before any other thread is there.
  void follow(Supplier<@Nullable AtlasException> logFailure) {
    log = logFailure;
  }

  /// Says that the store was opened read-only. To be called before any other thread is there.
  void refuseWrites() {
    isOpenedReadOnly = true;
    permanent.set(readOnly());
  }

  private static ReadOnlyException readOnly() {
    return new ReadOnlyException("the store is opened read-only", null);
  }

  /// Makes the store read-only until it is opened again. The first failure is kept.
  void fail(AtlasException failure) {
    permanent.compareAndSet(null, failure);
  }

  /// What `fail` is to be told of an exception that is not the store's own kind, such as a lack of
  /// memory: how far the work came is not known.
  ///
  /// @param what could not be done
  static AtlasException unexpected(String what, Throwable thrown) {
    return new StorageException(what + ": " + thrown, thrown);
  }

  /// Refuses writes until `resume`: the disk is full.
  void pause(StorageException failure) {
    passing = failure;
    onDiskFull.run();
  }

  /// What may make room when the disk is full. To be called before any other thread is there.
  void onDiskFull(Runnable action) {
    onDiskFull = action;
  }

  void resume() {
    passing = null;
  }

  boolean isPermanent() {
    return permanent() != null;
  }

  private @Nullable AtlasException permanent() {
    AtlasException failure = permanent.get();
    return failure != null ? failure : log.get();
  }

  /// The failure, or null when writes are taken.
  @Nullable AtlasException current() {
    AtlasException failure = permanent();
    return failure != null ? failure : passing;
  }

  /// Throws when the store takes no writes.
  void requireWritable() {
    if (isOpenedReadOnly) {
      throw readOnly();
    }
    AtlasException failure = current();
    if (failure != null) {
      throw isPermanent()
          ? new ReadOnlyException(
              "the store is read-only since a write or sync failed (" + failure.getMessage() + ")",
              failure)
          : diskFull(failure);
    }
  }

  /// What writers are told while the disk is full, be it the log or a flush that has found it so.
  static ReadOnlyException diskFull(AtlasException cause) {
    return new ReadOnlyException(
        "the store takes no writes until there is room on the disk: " + cause.getMessage(), cause);
  }
}
