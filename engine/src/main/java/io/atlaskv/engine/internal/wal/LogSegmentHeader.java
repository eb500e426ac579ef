package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// Start of a segment, written and synced before the segment is used. It knows how long the file
/// is, so a file that was cut is found even where nothing lies beyond the cut.
///
/// ```
/// offset  size  field
///      0    72  file header
///     72     8  size of the file
///     80     4  CRC32C of the size, xor the seed of this place
///     84     4  zero
///     88        groups                                         [LogGroupFormat]
/// ```
final class LogSegmentHeader {
  static final int SIZE_OFFSET = FileHeader.BYTES;
  static final int CRC_OFFSET = SIZE_OFFSET + Long.BYTES;
  static final int PAD_OFFSET = CRC_OFFSET + Integer.BYTES;
  static final int BYTES = PAD_OFFSET + Integer.BYTES;

  private LogSegmentHeader() {}

  static void encode(MemorySegment target, UUID storeUuid, long segment, long fileBytes) {
    FileHeader.of(FileFormat.LOG, storeUuid, segment).encode(target, 0);
    target.set(Layouts.LE_LONG, SIZE_OFFSET, fileBytes);
    target.set(Layouts.LE_INT, CRC_OFFSET, crc(target, storeUuid, segment));
    target.set(Layouts.LE_INT, PAD_OFFSET, 0);
  }

  /// Checks the header against the file it was read from.
  ///
  /// @throws CorruptionException if it is damaged, or the file shorter than it should be
  static void verify(
      String file, MemorySegment source, UUID storeUuid, long segment, long fileBytes) {
    FileHeader.decode(file, source, FileFormat.LOG).requireIdentity(file, storeUuid, segment);
    if (source.byteSize() < BYTES) {
      throw new CorruptionException(
          file, SIZE_OFFSET, "expected " + BYTES + " bytes, found " + source.byteSize());
    }
    int expectedCrc = source.get(Layouts.LE_INT, CRC_OFFSET);
    int foundCrc = crc(source, storeUuid, segment);
    if (expectedCrc != foundCrc) {
      throw CorruptionException.checksum(file, SIZE_OFFSET, expectedCrc, foundCrc);
    }
    int pad = source.get(Layouts.LE_INT, PAD_OFFSET);
    if (pad != 0) {
      throw new CorruptionException(file, PAD_OFFSET, "expected 0, found " + pad);
    }
    long expectedBytes = source.get(Layouts.LE_LONG, SIZE_OFFSET);
    if (fileBytes < expectedBytes) {
      throw new CorruptionException(
          file, fileBytes, "expected " + expectedBytes + " bytes, found " + fileBytes);
    }
  }

  private static int crc(MemorySegment header, UUID storeUuid, long segment) {
    int seed = LogGroupFormat.seed(LogGroupFormat.salt(storeUuid), segment, SIZE_OFFSET);
    return Checksum.crc32c(header, SIZE_OFFSET, Long.BYTES) ^ seed;
  }
}
