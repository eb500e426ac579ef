package io.atlaskv.testkit.crash;

/// A broken promise, found after a kill.
record Finding(Kind kind, String detail) {
  enum Kind {
    /// An acknowledged write is gone, or an older value stands in its place.
    LOST,
    /// A key is back although its deletion was acknowledged, or a write that an earlier recovery
    /// had dropped shows up again.
    RESURRECTED,
    /// Bytes that nobody wrote to this key.
    CORRUPT,
    /// Every key is right by itself, but together they are no state the writer went through.
    HOLE
  }

  @Override
  public String toString() {
    return kind + " " + detail;
  }
}
