package io.atlaskv.engine.internal.wal;

import java.util.List;

/// Where the segments of a history are.
public interface HistorySource {
  /// All of them, oldest first.
  List<HistorySegment> history();

  /// Says that somebody is about to open a segment, which is then never reused: who reads it may go
  /// on when it has been deleted. False if it is gone.
  boolean beginRead(long segment);

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
