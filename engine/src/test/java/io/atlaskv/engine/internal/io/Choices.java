package io.atlaskv.engine.internal.io;

/// Decides what of the unsynced survives a crash.
interface Choices {
  /// Picks one of several states of one thing, oldest first. State 0 was there at the last sync,
  /// state `i` was made by operation `operations[i]`.
  int choose(int count, int[] operations);
}
