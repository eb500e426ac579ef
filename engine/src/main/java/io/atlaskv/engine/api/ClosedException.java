package io.atlaskv.engine.api;

/// Something was used after it had been closed.
public final class ClosedException extends AtlasException {
  private static final long serialVersionUID = 1L;

  /// @param what the closed thing, as a user would name it: `000012.log`, `store`
  public ClosedException(String what) {
    super(what + " is closed", null);
  }
}
