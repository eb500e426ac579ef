package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.cache.BlockRequest;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.ReadFile;
import org.jspecify.annotations.Nullable;

/// Stored blocks read in one piece before they are asked for. The pieces grow while they are used
/// up in order: for a scan, which may end at any block, only until a call of the system costs
/// little beside the bytes that it copies.
final class ReadAhead implements AutoCloseable {
  private static final int FIRST_BYTES = 16 << 10;
  private static final int SCAN_BYTES_MAX = 64 << 10;
  private static final int WHOLE_TABLE_BYTES = 256 << 10;

  private final TableReader table;
  private final TableIndex index;
  private final ReadContext context;
  private final int pieceBytesMin;
  private final int pieceBytesMax;
  private @Nullable NativeBuffer buffer;

  /// What the buffer holds of the file.
  private long from;

  private long end;
  private int pieceBytes;

  ReadAhead(TableReader table, ReadContext context) {
    this.table = table;
    this.context = context;
    index = table.index();
    pieceBytesMin = context.fillsCache() ? FIRST_BYTES : WHOLE_TABLE_BYTES;
    pieceBytesMax = context.fillsCache() ? SCAN_BYTES_MAX : WHOLE_TABLE_BYTES;
    pieceBytes = pieceBytesMin;
  }

  /// Decodes a block for `out`, reading it and those behind it first if need be.
  void load(int ordinal, PinnedBlock out) {
    long offset = index.blockOffset(ordinal);
    long blockEnd = index.blockEnd(ordinal);
    NativeBuffer stored = buffer;
    if (stored == null || offset < from || blockEnd > end) {
      stored = fill(ordinal, offset, blockEnd);
    }
    var request = new BlockRequest(table, offset, (int) (blockEnd - offset));
    if (context.fillsCache()) {
      context.cache().load(request, stored.segment(), offset - from, true, out);
    } else {
      context.cache().loadUncached(request, stored.segment(), offset - from, out);
    }
  }

  private NativeBuffer fill(int ordinal, long offset, long blockEnd) {
    if (offset != end) {
      pieceBytes = pieceBytesMin;
    } else {
      pieceBytes = Math.min(pieceBytesMax, 2 * pieceBytes);
    }
    long pieceEnd = blockEnd;
    for (int next = ordinal + 1; next < index.blocks(); next++) {
      if (index.blockEnd(next) - offset > pieceBytes) {
        break;
      }
      pieceEnd = index.blockEnd(next);
    }
    int bytes = (int) (pieceEnd - offset);
    NativeBuffer target = buffer;
    if (target == null) {
      target = context.cache().buffers().take(bytes);
      buffer = target;
    }
    target.clear();
    target.reserve(bytes);
    from = offset;
    end = offset; // nothing, should the read fail
    ReadFile file = table.file();
    int found = file.read(offset, target.view(0, bytes));
    if (found < bytes) { // bytes past the end of the file fail the checksum, whatever they are
      target.segment().asSlice(found, (long) bytes - found).fill((byte) 0);
    }
    end = pieceEnd;
    return target;
  }

  @Override
  public void close() {
    NativeBuffer used = buffer;
    if (used != null) {
      buffer = null;
      context.cache().buffers().give(used);
    }
  }
}
