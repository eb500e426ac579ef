package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.util.UUID;

/// What a segment of the history holds, as its first group tells.
final class SegmentHistory {
  private static final int WINDOW_BYTES = 64 << 10;

  private SegmentHistory() {}

  /// True if nothing was ever written to it.
  static boolean isEmpty(FileSystem files, UUID storeUuid, long number) {
    try (var windows = new OneWindow(WINDOW_BYTES);
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      return reader.isHeaderAbsent()
          || (reader.headerDamage() == null
              && reader.read(LogGroupFormat.FIRST_OFFSET, 0) == Found.NOTHING);
    }
  }

  /// Sequence that its first group begins with; 0 if it has none, or a damaged one.
  static long firstSequence(FileSystem files, UUID storeUuid, long number) {
    try (var windows = new OneWindow(WINDOW_BYTES);
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      boolean hasGroup =
          reader.headerDamage() == null
              && reader.read(LogGroupFormat.FIRST_OFFSET, 0) == Found.GROUP;
      return hasGroup ? reader.firstSequence() : 0;
    }
  }
}
