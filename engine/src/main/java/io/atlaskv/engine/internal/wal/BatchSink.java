package io.atlaskv.engine.internal.wal;

import java.lang.foreign.MemorySegment;

/// Receives what is in the log, in commit order.
@FunctionalInterface
public interface BatchSink {
  /// Called once for each batch. The bytes are valid during the call only; their checksum has been
  /// verified with that of the group.
  ///
  /// @param firstSequence sequence of its first operation that takes one
  /// @param timeMillis when it was written
  void batch(long firstSequence, long timeMillis, MemorySegment bytes, long offset, long length);
}
