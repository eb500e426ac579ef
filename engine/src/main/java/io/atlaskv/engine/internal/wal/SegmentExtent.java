package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.util.UUID;

/// How much of a segment has content, and what it begins with: for those who copy it.
public final class SegmentExtent {
  private SegmentExtent() {}

  /// End of the last group of a segment that has its end, or of the header of one that was never
  /// used; of one that ends in another way, the whole size.
  public static long usedBytes(FileSystem files, UUID storeUuid, long number) {
    try (var windows = new OneWindow();
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      if (reader.headerDamage() == null
          && reader.read(LogGroupFormat.FIRST_OFFSET, 0) == Found.NOTHING) {
        return LogGroupFormat.FIRST_OFFSET;
      }
      long offset = LogGroupFormat.FIRST_OFFSET;
      while (reader.headerDamage() == null && reader.read(offset, 0) == Found.GROUP) {
        offset = reader.nextOffset();
        if (reader.kind() == LogGroupFormat.NEXT || reader.kind() == LogGroupFormat.SEAL) {
          return offset;
        }
      }
    }
    return files.size(FileName.log(number));
  }

  /// When a segment ended that has its end: all that is in it was written then or before, all in
  /// later segments then or after. 0 if its end cannot be read.
  public static long endMillis(FileSystem files, UUID storeUuid, long number) {
    try (var windows = new OneWindow();
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      long offset = LogGroupFormat.FIRST_OFFSET;
      while (reader.headerDamage() == null && reader.read(offset, 0) == Found.GROUP) {
        if (reader.kind() == LogGroupFormat.NEXT || reader.kind() == LogGroupFormat.SEAL) {
          return reader.timeMillis();
        }
        offset = reader.nextOffset();
      }
    }
    return 0;
  }

  /// Sequence that its first group begins with; 0 if it has none, or a damaged one.
  public static long firstSequence(FileSystem files, UUID storeUuid, long number) {
    return SegmentHistory.firstSequence(files, storeUuid, number);
  }
}
