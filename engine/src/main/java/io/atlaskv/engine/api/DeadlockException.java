package io.atlaskv.engine.api;

/// Pessimistic transactions waited for each other in a circle, and this was the youngest of them.
/// It has been rolled back, so that the others can go on.
public final class DeadlockException extends ConflictException {
  private static final long serialVersionUID = 1L;

  /// @param message who waited for what
  public DeadlockException(String message) {
    super(message);
  }
}
