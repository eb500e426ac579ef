package io.atlaskv.engine.api;

/// How transactions keep out of each other's way.
public enum Locking {
  /// Not at all: a transaction never waits, and fails at its commit if another was faster.
  OPTIMISTIC,

  /// By locks on keys: who needs a key that another transaction has used waits for its end. For
  /// keys that many write at the same time.
  PESSIMISTIC
}
