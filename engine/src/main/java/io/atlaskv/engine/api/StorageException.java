package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// The file system refused or failed an operation.
public final class StorageException extends AtlasException {
  private static final long serialVersionUID = 1L;

  private final boolean diskFull;

  /// A failure that has nothing to do with space.
  public StorageException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  /// @param diskFull whether freeing space would help
  public StorageException(String message, @Nullable Throwable cause, boolean diskFull) {
    super(message, cause);
    this.diskFull = diskFull;
  }

  /// True if the device or the quota is full, so that freeing space helps.
  public boolean isDiskFull() {
    return diskFull;
  }
}
