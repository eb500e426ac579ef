package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Fixed 5-byte suffix of every stored block.
///
/// ```
/// offset  size  field
///      0     1  compression: 0 none, 1 LZ4
///      1     4  CRC32C of the payload and the compression byte, xor the seed of file and offset
/// ```
///
/// The payload of an LZ4 block is the size of the block, 4 bytes, and the LZ4 bytes.
final class BlockTrailer {
  static final int COMPRESSION_OFFSET = 0;
  static final int CRC_OFFSET = 1;
  static final int BYTES = 5;

  static final byte NONE = 0;
  static final byte LZ4 = 1;

  /// Size of the prefix of an LZ4 payload that tells the size of the block.
  static final int LZ4_PREFIX_BYTES = Integer.BYTES;

  private BlockTrailer() {}

  /// Checksum of the payload at `offset` of `stored` and the compression byte behind it.
  static int crc(
      MemorySegment stored, long offset, int payloadBytes, long fileNumber, long fileOffset) {
    return Checksum.crc32c(stored, offset, payloadBytes + CRC_OFFSET)
        ^ Checksum.seed(fileNumber, fileOffset);
  }

  static byte compression(MemorySegment stored, long offset, int payloadBytes) {
    return stored.get(Layouts.BYTE, offset + payloadBytes + COMPRESSION_OFFSET);
  }

  static int storedCrc(MemorySegment stored, long offset, int payloadBytes) {
    return stored.get(Layouts.LE_INT, offset + payloadBytes + CRC_OFFSET);
  }
}
