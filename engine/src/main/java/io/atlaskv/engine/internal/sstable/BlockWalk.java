package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.cache.BufferPool;
import io.atlaskv.engine.internal.io.ReadFile;
import org.jspecify.annotations.Nullable;

/// The data blocks of a table one after the other, from the file and past the cache: for whoever
/// looks at every byte. A block that is damaged does not keep it from those behind.
///
/// ```java
/// while (walk.next()) {
///   walk.decode();  // throws if the block is damaged
///   for (walk.entries().seekToFirst(); walk.entries().isValid(); walk.entries().next()) { ... }
/// }
/// ```
final class BlockWalk implements AutoCloseable {
  private static final int READ_BYTES = 1 << 20;

  private final TableReader table;
  private final TableIndex index;
  private final ReadFile file;
  private final BufferPool buffers;
  private final NativeBuffer stored;
  private final DataBlockIterator entries;
  private @Nullable NativeBuffer decoded;
  private int ordinal = -1;
  private long from;
  private long to; // what `stored` has of the file
  private int blockBytes;

  BlockWalk(TableReader table, BufferPool buffers) {
    this.table = table;
    this.buffers = buffers;
    index = table.index();
    file = table.file();
    stored = buffers.take(READ_BYTES);
    entries = new DataBlockIterator(table.name());
  }

  /// Moves to the next block; false behind the last one.
  boolean next() {
    release();
    ordinal++;
    return ordinal < index.blocks();
  }

  int ordinal() {
    return ordinal;
  }

  /// Where the block starts in the file.
  long offset() {
    return index.blockOffset(ordinal);
  }

  /// Size in the file, trailer included.
  int storedBytes() {
    return (int) (index.blockEnd(ordinal) - offset());
  }

  /// Reads and checks the block.
  ///
  /// @throws CorruptionException if it is damaged
  void decode() {
    long offset = offset();
    int bytes = storedBytes();
    if (offset < from || offset + bytes > to) {
      fill(offset);
    }
    long at = offset - from;
    blockBytes = table.verify(stored.segment(), at, bytes, offset);
    NativeBuffer target = buffers.take(blockBytes);
    decoded = target;
    table.decode(stored.segment(), at, bytes, offset, target.segment(), 0, blockBytes);
    entries.reset(target.segment(), 0, blockBytes, offset);
  }

  private void fill(long offset) {
    int last = ordinal;
    while (last + 1 < index.blocks() && index.blockEnd(last + 1) - offset <= READ_BYTES) {
      last++;
    }
    int wanted = (int) (index.blockEnd(last) - offset);
    from = offset;
    to = offset; // nothing, should the read fail
    stored.clear();
    stored.reserve(wanted);
    int found = file.read(offset, stored.view(0, wanted));
    if (found != wanted) {
      throw new CorruptionException(
          table.name(), offset, "expected " + wanted + " bytes, found " + found);
    }
    to = offset + wanted;
  }

  /// Size of the decoded block.
  int blockBytes() {
    return blockBytes;
  }

  /// True if the decoded block is stored as it is.
  boolean isStoredRaw() {
    return table.isStoredRaw(stored.segment(), offset() - from, storedBytes());
  }

  /// Rows of the decoded block; stands nowhere at first.
  DataBlockIterator entries() {
    return entries;
  }

  private void release() {
    NativeBuffer used = decoded;
    if (used != null) {
      decoded = null;
      entries.clear();
      buffers.give(used);
    }
  }

  @Override
  public void close() {
    release();
    buffers.give(stored);
  }
}
