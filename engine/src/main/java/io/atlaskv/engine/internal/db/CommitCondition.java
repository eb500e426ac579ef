package io.atlaskv.engine.internal.db;

/// What must be true at the moment in which a batch gets its sequence.
public interface CommitCondition {
  /// Asked under the commit lock, so from memory only, and quickly. What it throws refuses the
  /// batch for good.
  boolean holds(View view);
}
