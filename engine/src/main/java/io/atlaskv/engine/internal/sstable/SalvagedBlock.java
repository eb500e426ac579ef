package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lz4;
import io.atlaskv.engine.internal.base.ValueKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One stored block of a damaged table at a time, taken for what it is only if its checksum and its
/// form say so.
final class SalvagedBlock {
  private static final int PAYLOAD_BYTES_MIN = 4;
  private static final int DECODED_BYTES_MAX = 1 << 30;

  /// A block that does not begin where the last one ended is looked for up to this size: the price
  /// of a wrong guess.
  private static final int GUESSED_BYTES_MAX = 1 << 20;

  private final String name;
  private final long number;
  private final MemorySegment file;
  private final DataBlockIterator rows;
  private final DataBlockIterator damagedRows;

  /// @param file all bytes of the table
  SalvagedBlock(String name, long number, MemorySegment file) {
    this.name = name;
    this.number = number;
    this.file = file;
    rows = new DataBlockIterator(name);
    damagedRows = DataBlockIterator.ofDamaged(name);
  }

  /// Rows of the last block that was read.
  DataBlockIterator rows() {
    return rows;
  }

  /// True if the checksum of the stored bytes from `at` to `end` matches.
  boolean isIntact(long at, long end) {
    int payloadBytes = (int) (end - at) - BlockTrailer.BYTES;
    return payloadBytes >= PAYLOAD_BYTES_MIN
        && end <= file.byteSize()
        && BlockTrailer.crc(file, at, payloadBytes, number, at)
            == BlockTrailer.storedCrc(file, at, payloadBytes);
  }

  /// Reads a block whose checksum matches as a data block.
  ///
  /// @param arena what is decompressed is in memory of it
  /// @throws CorruptionException if it is none
  void read(long at, long end, Arena arena) {
    reset(rows, at, end, arena);
    requireRows(at);
  }

  /// Reads a block that is damaged, for those of its rows that have their sum: the others must not
  /// be taken. Null if it tells of no sums.
  ///
  /// @throws CorruptionException if not even its parts can be told
  @Nullable DataBlockIterator readDamaged(long at, long end, Arena arena) {
    reset(damagedRows, at, end, arena);
    return damagedRows.hasRowSums() ? damagedRows : null;
  }

  private void reset(DataBlockIterator target, long at, long end, Arena arena) {
    int payloadBytes = (int) (end - at) - BlockTrailer.BYTES;
    switch (BlockTrailer.compression(file, at, payloadBytes)) {
      case BlockTrailer.NONE -> target.reset(file, at, payloadBytes, at);
      case BlockTrailer.LZ4 -> {
        int bytes = file.get(Layouts.LE_INT, at);
        if (bytes <= 0 || bytes > DECODED_BYTES_MAX) {
          throw new CorruptionException(name, at, "compressed block of " + bytes + " bytes");
        }
        MemorySegment decoded = arena.allocate(bytes, Long.BYTES);
        int prefix = BlockTrailer.LZ4_PREFIX_BYTES;
        if (Lz4.decompress(file, at + prefix, payloadBytes - prefix, decoded, 0, bytes)
            == Lz4.MALFORMED) {
          throw new CorruptionException(name, at, "malformed LZ4 block");
        }
        target.reset(decoded, 0, bytes, at);
      }
      default -> throw new CorruptionException(name, at, "unknown compression");
    }
  }

  /// Every row must be one, with the tag of its key: no other kind of block has that.
  private void requireRows(long at) {
    for (rows.seekToFirst(); rows.isValid(); rows.next()) {
      long hash = TableReader.hash(rows.keyBuffer(), 0, rows.keyLength());
      if (rows.tag() != DataBlockLayout.tag(hash)
          || !ValueKind.isStored(InternalKey.kind(rows.trailer()))) {
        throw new CorruptionException(name, at, "is no data block");
      }
    }
  }

  /// Where the block that begins at `at` ends, −1 if none does: the place where a checksum matches.
  ///
  /// @param isFollowing whether the block before ends here, so that one is likely to begin
  long findEnd(long at, long limit, boolean isFollowing) {
    if (!mayBegin(at, limit)) {
      return -1;
    }
    long last = isFollowing ? limit : Math.min(limit, at + GUESSED_BYTES_MAX);
    int seed = Checksum.seed(number, at);
    var crc = new CRC32C();
    for (long place = at; place + BlockTrailer.BYTES <= last; place++) {
      byte value = file.get(Layouts.BYTE, place);
      crc.update(value);
      boolean mayEnd = value == BlockTrailer.NONE || value == BlockTrailer.LZ4;
      if (mayEnd
          && place - at >= PAYLOAD_BYTES_MIN
          && ((int) crc.getValue() ^ seed) == file.get(Layouts.LE_INT, place + 1)) {
        return place + BlockTrailer.BYTES;
      }
    }
    return -1;
  }

  /// False if neither kind of data block can begin with these bytes.
  private boolean mayBegin(long at, long limit) {
    if (limit - at < DataBlockLayout.COMMON_OFFSET + BlockTrailer.BYTES) {
      return false;
    }
    int decodedBytes = file.get(Layouts.LE_INT, at);
    int valuesOffset = DataBlockLayout.valuesOffset(file, at);
    boolean mayBeRaw =
        DataBlockLayout.count(file, at) > 0
            && valuesOffset > DataBlockLayout.COMMON_OFFSET
            && valuesOffset < limit - at;
    return mayBeRaw || (decodedBytes > 0 && decodedBytes <= DECODED_BYTES_MAX);
  }
}
