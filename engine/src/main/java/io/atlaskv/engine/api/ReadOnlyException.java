package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// A write to a store that takes none: opened read-only, or turned read-only by a failed write or
/// sync (then the cause says which).
public final class ReadOnlyException extends AtlasException {
  private static final long serialVersionUID = 1L;

  /// @param cause the failure that turned the store read-only, if one did
  public ReadOnlyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
