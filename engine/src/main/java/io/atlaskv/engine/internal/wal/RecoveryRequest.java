package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.LogBoundary;
import java.util.List;
import java.util.UUID;

/// What the manifest says about the log.
///
/// @param fromSegment oldest segment that may hold something that is not in tables
/// @param flushedThrough last sequence that is in tables in any case; the log was synced through it
/// @param boundaries where earlier recoveries ended the log, oldest first
public record RecoveryRequest(
    UUID storeUuid,
    long fromSegment,
    long flushedThrough,
    List<LogBoundary> boundaries,
    RecoveryMode mode) {
  public RecoveryRequest {
    boundaries = List.copyOf(boundaries);
    for (int i = 1; i < boundaries.size(); i++) {
      if (boundaries.get(i).firstSegment() <= boundaries.get(i - 1).firstSegment()) {
        throw new IllegalArgumentException("boundaries=" + boundaries);
      }
    }
  }

  /// The same in another mode.
  public RecoveryRequest with(RecoveryMode other) {
    return new RecoveryRequest(storeUuid, fromSegment, flushedThrough, boundaries, other);
  }
}
