package io.atlaskv.engine.internal.wal;

import java.util.ArrayList;

/// Which segments are held by somebody: kept whole whatever is released, or open for reading.
/// Guarded by the lock of the log.
final class SegmentHolds {
  private final ArrayList<Long> retained = new ArrayList<>(); // once per `retain`
  private final ArrayList<Long> named = new ArrayList<>();

  void retain(long segment) {
    retained.add(segment);
    name(segment);
  }

  void unretain(long segment) {
    if (!retained.remove((Long) segment)) {
      throw new IllegalStateException("segment " + segment + " is not retained");
    }
  }

  boolean isRetained(long segment) {
    return retained.contains(segment);
  }

  boolean isAnyRetainedBelow(long segment) {
    return retained.stream().anyMatch(number -> number < segment);
  }

  /// Says that the file may have a name or a handle that the log does not know of, from now on.
  void name(long segment) {
    if (!named.contains(segment)) {
      named.add(segment);
    }
  }

  /// Ends the care for a segment that is given up; true if it may have such a name or handle.
  boolean forget(long segment) {
    return named.remove((Long) segment);
  }
}
