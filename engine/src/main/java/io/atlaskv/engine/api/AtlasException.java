package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// The world's fault, never the caller's: everything the store can throw because of disk, files,
/// its own state or what others do at the same time. Mistakes of the caller are
/// `IllegalArgumentException` or `IllegalStateException`.
public abstract sealed class AtlasException extends RuntimeException
    permits ClosedException,
        ConflictException,
        CorruptionException,
        HistoryGoneException,
        LockLimitException,
        LockTimeoutException,
        QuotaExceededException,
        ReadOnlyException,
        StorageException,
        UnsupportedFormatException {
  private static final long serialVersionUID = 1L;

  AtlasException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
