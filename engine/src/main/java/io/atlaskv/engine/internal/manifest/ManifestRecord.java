package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Frame of one edit in a manifest. The header has a checksum of its own, so that a damaged payload
/// does not make the rest of the file unreadable and a lost record cannot hide those behind it.
///
/// ```
/// offset  size  field
///      0     4  payload length
///      4     4  CRC32C of the payload, seeded
///      8     4  CRC32C of bytes 0..7, seeded
///     12        payload
/// ```
///
/// Both checksums are seeded with the manifest's file number and the record's offset.
final class ManifestRecord {
  static final int LENGTH_OFFSET = 0;
  static final int PAYLOAD_CRC_OFFSET = 4;
  static final int HEADER_CRC_OFFSET = 8;
  static final int HEADER_BYTES = 12;

  private ManifestRecord() {}

  /// Fills in the header of a record whose payload already stands in place.
  static void seal(
      MemorySegment record, long at, int payloadLength, long fileNumber, long fileOffset) {
    int seed = Checksum.seed(fileNumber, fileOffset);
    record.set(Layouts.LE_INT, at + LENGTH_OFFSET, payloadLength);
    record.set(
        Layouts.LE_INT,
        at + PAYLOAD_CRC_OFFSET,
        Checksum.crc32c(record, at + HEADER_BYTES, payloadLength) ^ seed);
    record.set(
        Layouts.LE_INT,
        at + HEADER_CRC_OFFSET,
        Checksum.crc32c(record, at, HEADER_CRC_OFFSET) ^ seed);
  }

  /// True if an intact header starts at `offset` of the manifest held in `file`.
  static boolean hasHeader(MemorySegment file, long offset, long fileNumber) {
    if (file.byteSize() - offset < HEADER_BYTES) {
      return false;
    }
    int stored = file.get(Layouts.LE_INT, offset + HEADER_CRC_OFFSET);
    return stored
            == (Checksum.crc32c(file, offset, HEADER_CRC_OFFSET)
                ^ Checksum.seed(fileNumber, offset))
        && file.get(Layouts.LE_INT, offset + LENGTH_OFFSET) >= 0;
  }

  /// Length of the payload of the record at `offset`, whose header is intact.
  static int payloadLength(MemorySegment file, long offset) {
    return file.get(Layouts.LE_INT, offset + LENGTH_OFFSET);
  }

  /// True if the payload of the record at `offset`, whose header is intact, is there and intact.
  static boolean hasPayload(MemorySegment file, long offset, long fileNumber) {
    int length = payloadLength(file, offset);
    if (file.byteSize() - offset - HEADER_BYTES < length) {
      return false;
    }
    int stored = file.get(Layouts.LE_INT, offset + PAYLOAD_CRC_OFFSET);
    return stored
        == (Checksum.crc32c(file, offset + HEADER_BYTES, length)
            ^ Checksum.seed(fileNumber, offset));
  }
}
