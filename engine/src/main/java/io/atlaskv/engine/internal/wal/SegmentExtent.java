package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.util.UUID;

/// How much of a segment has content, and when that ended: for those who copy it.
///
/// @param usedBytes end of the last group of a segment that has its end, or of the header of one
///   that was never used; of one that ends in another way, the whole size
/// @param endMillis when a segment ended that has its end: all that is in it was written then or
///   before, all in later segments then or after; 0 if its end cannot be read
public record SegmentExtent(long usedBytes, long endMillis) {

  /// Reads a segment from its begin to its end.
  public static SegmentExtent of(FileSystem files, UUID storeUuid, long number) {
    try (var windows = new OneWindow();
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      if (reader.headerDamage() == null) {
        long offset = LogGroupFormat.FIRST_OFFSET;
        Found found = reader.read(offset, 0);
        if (found == Found.NOTHING) {
          return new SegmentExtent(offset, 0);
        }
        while (found == Found.GROUP) {
          offset = reader.nextOffset();
          if (reader.kind() == LogGroupFormat.NEXT || reader.kind() == LogGroupFormat.SEAL) {
            return new SegmentExtent(offset, reader.timeMillis());
          }
          found = reader.read(offset, 0);
        }
      }
    }
    return new SegmentExtent(files.size(FileName.log(number)), 0);
  }

  /// Sequence that its first group begins with; 0 if it has none, or a damaged one.
  public static long firstSequence(FileSystem files, UUID storeUuid, long number) {
    return SegmentHistory.firstSequence(files, storeUuid, number);
  }
}
