package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.cache.BlockRequest;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.Position;

/// Walks over the entries of a table, block by block.
///
/// A walk that goes on forward for some blocks is taken for a scan: it no longer warms the cache,
/// and reads ahead. In `CACHE_ONLY` mode it asks for several blocks at once, so does one that
/// begins where the blocks end that this context asked for before. Contexts that do not fill the
/// cache read ahead from the start, in large pieces, what the cache does not have.
final class TableIterator implements InternalIterator {
  private static final long FIRST_VERSION = InternalKey.seekTrailer(SequenceNumber.MAX);
  private static final int SCAN_AFTER_BLOCKS = 2;
  private static final int NEEDED_AHEAD_MAX = 16;

  private final TableReader table;
  private final TableIndex index;
  private final ReadContext context;
  private final DataBlockIterator entries;
  private final PinnedBlock pinned = new PinnedBlock();
  private final ReadAhead readAhead;

  /// Ordinal of the block that `entries` stands in; meaningless while it is invalid.
  private int block;

  /// Blocks walked over in one direction since the last seek; less than 0 backward.
  private int walked;

  /// Key of the last entry of the block before, while going over to the next.
  private byte[] lastKey = new byte[64];

  TableIterator(TableReader table, ReadContext context) {
    this.table = table;
    this.context = context;
    index = table.index();
    entries = new DataBlockIterator(table.name());
    readAhead = new ReadAhead(table, context);
  }

  @Override
  public Position position() {
    return entries;
  }

  @Override
  public void seekToFirst() {
    walked = 0;
    if (enter(0)) {
      entries.seekToFirst();
    }
  }

  @Override
  public void seekToLast() {
    walked = 0;
    if (enter(index.blocks() - 1)) {
      entries.seekToLast();
    }
  }

  @Override
  public void seek(byte[] key, int offset, int length) {
    walked = 0;
    if (enter(index.find(key, offset, length, FIRST_VERSION))) {
      entries.seek(key, offset, length);
      if (!entries.isValid()) { // the separator is after the last key of its block
        toNextBlock();
      }
    }
  }

  @Override
  public void seekForPrev(byte[] key, int offset, int length) {
    walked = 0;
    // Trailer 0 sorts after all versions of the key.
    int found = index.find(key, offset, length, 0);
    if (enter(Math.min(found, index.blocks() - 1))) {
      entries.seekForPrev(key, offset, length);
      if (!entries.isValid()) {
        toPreviousBlock();
      }
    }
  }

  @Override
  public void next() {
    entries.next();
    if (!entries.isValid()) {
      crossBlocks();
    }
  }

  /// To the next block, whose first entry may have the key of the last one of this block.
  private void crossBlocks() {
    int length = entries.keyLength();
    if (lastKey.length < length) {
      lastKey = new byte[2 * length];
    }
    System.arraycopy(entries.keyBuffer(), 0, lastKey, 0, length);
    toNextBlock();
    if (entries.isValid()) {
      entries.isOlderVersion(
          entries.keyLength() == length
              && KeyBytes.equal(entries.keyBuffer(), 0, lastKey, 0, length));
    }
  }

  @Override
  public void prev() {
    entries.prev();
    if (!entries.isValid()) {
      toPreviousBlock();
    }
  }

  /// To an entry of a block that `random` chooses.
  void seekToAny(int ordinal, long random) {
    walked = 0;
    if (enter(ordinal)) {
      entries.seekToAny(random);
    }
  }

  private void toNextBlock() {
    walked = Math.max(walked, 0) + 1;
    if (enter(block + 1)) {
      entries.seekToFirst();
    }
  }

  private void toPreviousBlock() {
    walked = Math.min(walked, 0) - 1;
    if (enter(block - 1)) {
      entries.seekToLast();
    }
  }

  /// Goes over to a block; false, and invalid, if there is none of that ordinal.
  private boolean enter(int ordinal) {
    if (ordinal == block && pinned.isPresent()) {
      return true;
    }
    entries.clear();
    pinned.release();
    if (ordinal < 0 || ordinal >= index.blocks()) {
      return false;
    }
    block = ordinal;
    long offset = index.blockOffset(ordinal);
    if (context.fillsCache()) {
      enterCached(ordinal, offset);
    } else {
      if (!context.peek(table, table.hints(), ordinal, offset, pinned)) {
        readAhead.load(ordinal, pinned);
      }
      resetEntries(offset);
    }
    return true;
  }

  private void enterCached(int ordinal, long offset) {
    boolean isScan = Math.abs(walked) >= SCAN_AFTER_BLOCKS;
    if (!context.tryPin(table, table.hints(), ordinal, offset, isScan, pinned)) {
      if (!context.isBlocking()) {
        needAhead(ordinal);
        throw NeedsBlocks.INSTANCE;
      }
      if (isScan && walked > 0) {
        readAhead.load(ordinal, pinned);
        resetEntries(offset);
        return;
      }
      int storedBytes = (int) (index.blockEnd(ordinal) - offset);
      context.read(table, offset, storedBytes, isScan, pinned);
    }
    resetEntries(offset);
  }

  private void resetEntries(long offset) {
    boolean isReset = false;
    try {
      entries.reset(pinned.segment(), pinned.base(), pinned.length(), offset);
      isReset = true;
    } finally {
      if (!isReset) {
        pinned.release();
      }
    }
  }

  private void needAhead(int ordinal) {
    long start = index.blockOffset(ordinal);
    int ahead = Math.clamp(walked, 1, NEEDED_AHEAD_MAX);
    int wanted = Math.max(ahead, context.blocksAhead(table, start));
    int last = Math.min(index.blocks(), ordinal + wanted) - 1;
    while (last > ordinal && index.blockEnd(last) - start > ReadContext.READ_BYTES_MAX) {
      last--;
    }
    long offset = start;
    for (int i = ordinal; i <= last; i++) {
      long end = index.blockEnd(i);
      context.need(new BlockRequest(table, offset, (int) (end - offset)));
      offset = end;
    }
    context.neededAhead(table, start, offset, last + 1 - ordinal);
  }

  @Override
  public void close() {
    entries.clear();
    pinned.release();
    readAhead.close();
  }
}
