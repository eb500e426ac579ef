package io.atlaskv.engine.api;

import java.util.List;

/// What was committed together: a put, a delete, a [WriteBatch].
///
/// @param firstSequence sequence of its first operation
/// @param lastSequence sequence of its last one; a feed that goes on behind this batch begins at
///   `lastSequence + 1`
/// @param timeMillis when it was written to the log, in milliseconds since 1970; batches that were
///   written together have the same time
/// @param changes its operations in their order; those of the store's own rows and of namespaces
///   that are not raw are left out, so there may be more sequences than changes
public record ChangeBatch(
    long firstSequence, long lastSequence, long timeMillis, List<Change> changes) {
  public ChangeBatch {
    changes = List.copyOf(changes);
  }
}
