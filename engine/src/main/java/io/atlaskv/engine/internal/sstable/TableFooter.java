package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Last 64 bytes of a table.
///
/// ```
/// offset  size  field
///      0    12  handle of the range-tombstone block
///     12    12  handle of the filter block
///     24    12  handle of the index block
///     36    12  handle of the properties block
///     48     4  zero
///     52     4  CRC32C of bytes 0..51, xor the seed of file and offset
///     56     8  magic
/// ```
record TableFooter(
    BlockHandle rangeTombstones, BlockHandle filter, BlockHandle index, BlockHandle properties) {
  static final int BYTES = 64;
  private static final int RANGE_TOMBSTONES_OFFSET = 0;
  private static final int FILTER_OFFSET = RANGE_TOMBSTONES_OFFSET + BlockHandle.BYTES;
  private static final int INDEX_OFFSET = FILTER_OFFSET + BlockHandle.BYTES;
  private static final int PROPERTIES_OFFSET = INDEX_OFFSET + BlockHandle.BYTES;
  private static final int PAD_OFFSET = PROPERTIES_OFFSET + BlockHandle.BYTES;
  private static final int CRC_OFFSET = PAD_OFFSET + Integer.BYTES;
  private static final int MAGIC_OFFSET = CRC_OFFSET + Integer.BYTES;

  /// `ATLASEND`, read little-endian.
  private static final long MAGIC = 0x444e4553414c5441L;

  void encode(MemorySegment target, long at, long fileNumber, long fileOffset) {
    rangeTombstones.encode(target, at + RANGE_TOMBSTONES_OFFSET);
    filter.encode(target, at + FILTER_OFFSET);
    index.encode(target, at + INDEX_OFFSET);
    properties.encode(target, at + PROPERTIES_OFFSET);
    target.set(Layouts.LE_INT, at + PAD_OFFSET, 0);
    int crc = Checksum.crc32c(target, at, CRC_OFFSET) ^ Checksum.seed(fileNumber, fileOffset);
    target.set(Layouts.LE_INT, at + CRC_OFFSET, crc);
    target.set(Layouts.LE_LONG, at + MAGIC_OFFSET, MAGIC);
  }

  /// Reads the footer that starts at `at` of `source` and at `fileOffset` of the file.
  static TableFooter decode(
      String file, MemorySegment source, long at, long fileNumber, long fileOffset) {
    long magic = source.get(Layouts.LE_LONG, at + MAGIC_OFFSET);
    if (magic != MAGIC) {
      throw new CorruptionException(
          file, fileOffset, "no footer at the end: magic is " + Long.toHexString(magic));
    }
    int found = Checksum.crc32c(source, at, CRC_OFFSET) ^ Checksum.seed(fileNumber, fileOffset);
    int expected = source.get(Layouts.LE_INT, at + CRC_OFFSET);
    if (found != expected) {
      throw CorruptionException.checksum(file, fileOffset, expected, found);
    }
    var footer =
        new TableFooter(
            BlockHandle.decode(source, at + RANGE_TOMBSTONES_OFFSET),
            BlockHandle.decode(source, at + FILTER_OFFSET),
            BlockHandle.decode(source, at + INDEX_OFFSET),
            BlockHandle.decode(source, at + PROPERTIES_OFFSET));
    footer.requireOrder(file, fileOffset);
    return footer;
  }

  /// Where data blocks end and the resident parts start.
  long metadataStart() {
    return rangeTombstones.offset();
  }

  /// The four blocks fill the space between the data and the footer; a missing one has no bytes.
  private void requireOrder(String file, long footerOffset) {
    boolean isOrdered =
        rangeTombstones.offset() >= FileHeader.BYTES
            && isBlockOrNone(rangeTombstones)
            && filter.offset() == rangeTombstones.end()
            && isBlockOrNone(filter)
            && index.offset() == filter.end()
            && index.storedBytes() > BlockTrailer.BYTES
            && properties.offset() == index.end()
            && properties.storedBytes() > BlockTrailer.BYTES
            && properties.end() == footerOffset;
    if (!isOrdered) {
      throw new CorruptionException(
          file, footerOffset, "blocks are not where they belong: " + this);
    }
  }

  private static boolean isBlockOrNone(BlockHandle handle) {
    return handle.storedBytes() == 0 || handle.storedBytes() > BlockTrailer.BYTES;
  }
}
