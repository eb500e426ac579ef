package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.base.LogBoundary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What recovery found; all that it delivered has been made safe.
///
/// @param lastSequence last sequence of the log; the next life begins after it
/// @param durableThrough last sequence that the log itself, or the manifest, said was safe
/// @param isSealed whether the log had been closed
/// @param nextSegment number of the first segment of the next life
/// @param segments all segments there are, oldest first
/// @param batches batches delivered
/// @param bytes bytes of groups read
/// @param damage where and why the log ended early; null if it ended as logs do
/// @param droppedGroups intact groups found behind the damage
public record RecoveredLog(
    long lastSequence,
    long durableThrough,
    boolean isSealed,
    long nextSegment,
    List<Long> segments,
    long batches,
    long bytes,
    @Nullable Damage damage,
    long droppedGroups) {
  /// Where a log ended early.
  ///
  /// @param segment plain name of the file
  /// @param detail what was expected and what was found
  public record Damage(String segment, long offset, String detail) {}

  public RecoveredLog {
    segments = List.copyOf(segments);
  }

  /// The boundary to put into the manifest before anything is appended to the next life.
  public LogBoundary boundary() {
    return new LogBoundary(nextSegment, lastSequence);
  }
}
