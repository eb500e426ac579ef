package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.List;
import java.util.UUID;

/// Where the segments of a history are.
public interface HistorySource {
  /// All of them, oldest first.
  List<HistorySegment> history();

  /// Says that somebody is about to open a segment, which is then never reused: who reads it may go
  /// on when it has been deleted. False if it is gone.
  boolean beginRead(long segment);

  /// Sequence that a segment begins with; 0 if it has none, or a damaged one, or is gone.
  ///
  /// @throws StorageException if the operating system refuses to read one that is there
  default long firstSequence(FileSystem files, UUID storeUuid, HistorySegment segment) {
    if (segment.firstSequence() != 0 || !beginRead(segment.number())) {
      return segment.firstSequence();
    }
    try {
      return SegmentHistory.firstSequence(files, storeUuid, segment.number());
    } catch (StorageException e) {
      if (beginRead(segment.number())) {
        throw e;
      }
      return 0; // deleted meanwhile
    }
  }

  /// Segments that stay as they are.
  static HistorySource of(List<HistorySegment> segments) {
    return new HistorySource() {
      @Override
      public List<HistorySegment> history() {
        return segments;
      }

      @Override
      public boolean beginRead(long segment) {
        return segments.stream().anyMatch(one -> one.number() == segment);
      }
    };
  }
}
