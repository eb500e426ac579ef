package io.atlaskv.engine.api;

/// A transaction could not be committed because of others that ran at the same time. It has had no
/// effect; run again it may succeed.
public sealed class ConflictException extends AtlasException permits DeadlockException {
  private static final long serialVersionUID = 1L;

  /// @param message what was in the way
  public ConflictException(String message) {
    super(message, null);
  }
}
