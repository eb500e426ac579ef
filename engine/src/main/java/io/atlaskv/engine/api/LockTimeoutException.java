package io.atlaskv.engine.api;

/// A pessimistic transaction waited for a lock for longer than [TransactionOptions#lockTimeout()].
/// The transaction goes on: its caller may try again, or roll it back.
public final class LockTimeoutException extends AtlasException {
  private static final long serialVersionUID = 1L;

  /// @param message what it waited for, and how long
  public LockTimeoutException(String message) {
    super(message, null);
  }
}
