package io.atlaskv.engine.internal.wal;

/// Follows the syncs of a log, one at a time, on the threads that make them; must not wait.
public interface SyncWatch {
  /// A sync is about to begin.
  void began();

  /// It has ended well; a sync that fails is the last one and has no end.
  void ended(long durableSequence);
}
