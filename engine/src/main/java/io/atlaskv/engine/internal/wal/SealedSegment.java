package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.PositionedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// A segment with a seal and nothing else. Put behind a segment that ends with NEXT, it makes a log
/// of finished segments one that was closed in good order: what a checkpoint ends with.
public final class SealedSegment {
  private static final int FILE_BYTES = 4 << 10;

  private SealedSegment() {}

  /// Makes the segment, which does not exist yet, and syncs it, but not its name.
  ///
  /// @param lastSequence the last one of the log before
  public static void write(
      FileSystem files, UUID storeUuid, long number, long lastSequence, long timeMillis) {
    try (PositionedFile file = files.openPositioned(FileName.log(number), true);
        var arena = Arena.ofShared()) {
      file.preallocate(FILE_BYTES);
      MemorySegment header = arena.allocate(LogSegmentHeader.BYTES);
      LogSegmentHeader.encode(header, storeUuid, number, FILE_BYTES);
      file.write(0, header.asByteBuffer());
      var segment = new LogSegment(number, FILE_BYTES, FILE_BYTES, FILE_BYTES, file);
      var seal = new LogGroup(FILE_BYTES);
      try {
        seal.begin(segment, LogGroupFormat.SEAL, lastSequence + 1, 0);
        var bytes = seal.finish(LogGroupFormat.salt(storeUuid), lastSequence, timeMillis);
        segment.write(seal, bytes);
      } finally {
        seal.close();
      }
      segment.sync();
    }
  }
}
