package io.atlaskv.engine.internal.base;

/// The snapshots that old versions must be kept for, as the writer sees them.
///
/// Besides the registered snapshots, the sequence that is published to readers at the moment counts
/// as one: a reader that is about to use it must still find what it names.
public interface LiveSnapshots {
  // Methods, not constants: an interface that has to be initialized keeps lambdas of its type out
  // of
  // an AOT cache, and to spin one at an open takes longer than the open.

  /// Keeps every version.
  static LiveSnapshots all() {
    return (_, _) -> true;
  }

  /// Keeps the newest versions only.
  static LiveSnapshots none() {
    return (_, _) -> false;
  }

  /// True if a snapshot `s` with `from <= s < to` is live.
  boolean anyIn(long from, long to);

  /// The sequence that is published, or any larger one. What is newer than it and goes before it is
  /// published was never there for anybody: it leaves no gap.
  default long published() {
    return SequenceNumber.MAX;
  }
}
