package io.atlaskv.engine.api;

/// What transactions that run at the same time may see of each other. Both levels read as of one
/// moment, so neither has dirty reads, unrepeatable reads or lost updates.
public enum Isolation {
  /// As if transactions had run one after the other, in the order of their commits. What was read,
  /// found or not, and every range that was scanned, as far as it was, is as it was read when the
  /// transaction commits; otherwise it fails.
  SERIALIZABLE,

  /// Each transaction reads as of its first operation, and of two that write the same key, or
  /// delete a range around it, the first to commit wins. What was only read may have changed by the
  /// commit: write skew is possible, as is the anomaly of the read-only transaction.
  SNAPSHOT
}
