package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Lz4;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.io.AppendFile;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes one table, front to back. One thread at a time.
///
/// Entries come in internal order, range tombstones in any order and at any time before `finish`.
/// The caller makes the name safe: `finish` syncs the file, not the directory. After an exception
/// from any method only `abandon` may be called.
public final class TableWriter implements AutoCloseable {
  private static final int WRITE_BYTES = 256 << 10;
  private static final int SHRINK_SHIFT = 3;

  private final FileSystem files;
  private final long number;
  private final String name;
  private final TableOptions options;
  private final FreshBlocks freshBlocks;
  private final PointIndexes pointIndexes;
  private final long createdMillis;
  private final AppendFile file;
  private final TableMemory memory;
  private final boolean ownsMemory;
  private final NativeBuffer out;
  private final NativeBuffer raw;
  private final DataBlockBuilder block;
  private final TableIndexBuilder index = new TableIndexBuilder();
  private final TableKeys keys;
  private final @Nullable PrefixFilterBuilder prefixes;
  private final @Nullable Lz4 lz4;
  private final ArrayList<RangeTombstone> rangeTombstones = new ArrayList<>();

  private boolean isClosed;
  private long flushedBytes;
  private byte[] pendingKey = new byte[64];
  private int pendingKeyLength;
  private long pendingTrailer;
  private long pendingEnd = -1;
  private long lastHash;
  private @Nullable Bytes smallestKey;
  private long entries;
  private long deletions;
  private long rawKeyBytes;
  private long rawValueBytes;
  private long smallestSequence = Long.MAX_VALUE;
  private long largestSequence;
  private long expiring;
  private long smallestExpiryMillis = Long.MAX_VALUE;
  private long largestExpiryMillis;

  /// Creates the file of that number.
  ///
  /// @param freshBlocks is offered the data blocks
  /// @param pointIndexes is offered the finished table's keys
  /// @param createdMillis now, in milliseconds since 1970
  public TableWriter(
      FileSystem files,
      long number,
      UUID storeUuid,
      TableOptions options,
      FreshBlocks freshBlocks,
      PointIndexes pointIndexes,
      long createdMillis) {
    this(files, number, storeUuid, options, freshBlocks, pointIndexes, createdMillis, null);
  }

  /// As above.
  ///
  /// @param lent memory that is lent until the table is finished or abandoned; null for its own
  public TableWriter(
      FileSystem files,
      long number,
      UUID storeUuid,
      TableOptions options,
      FreshBlocks freshBlocks,
      PointIndexes pointIndexes,
      long createdMillis,
      @Nullable TableMemory lent) {
    ownsMemory = lent == null;
    memory = lent == null ? new TableMemory() : lent;
    memory.clear();
    out = memory.out();
    raw = memory.raw();
    keys = memory.keys();
    prefixes =
        options.prefixes().isEmpty()
            ? null
            : new PrefixFilterBuilder(options.prefixes(), memory.prefixHashes());
    this.files = files;
    this.number = number;
    this.options = options;
    this.freshBlocks = freshBlocks;
    this.pointIndexes = pointIndexes;
    this.createdMillis = createdMillis;
    name = FileName.table(number);
    block = new DataBlockBuilder(options.restartShift(), options.hasRowSums());
    lz4 = options.compression() == TableOptions.Compression.LZ4 ? new Lz4() : null;
    file = files.create(name);
    FileHeader header = FileHeader.of(FileFormat.TABLE, storeUuid, number);
    if (options.hasRowSums()) {
      header = header.withIncompatibleFeatures(FileFormat.ROW_SUMS);
    }
    int at = out.reserve(FileHeader.BYTES);
    header.encode(out.segment(), at);
  }

  /// Adds a version of a key, after the last one in internal order. `value` is read only if the
  /// kind has one.
  public void add(
      byte[] key,
      int keyLength,
      long trailer,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    assert isAfterLast(key, keyLength, trailer) : name + ": entries out of order";
    if (!ValueKind.isStored(InternalKey.kind(trailer))
        || keyLength > InternalKey.USER_KEY_BYTES_MAX) {
      throw new IllegalArgumentException("trailer=" + trailer + " keyLength=" + keyLength);
    }
    long hash = TableReader.hash(key, 0, keyLength);
    if (hash != lastHash || !isLastKey(key, keyLength)) {
      keys.add(hash, (int) entries);
      lastHash = hash;
      if (prefixes != null) {
        prefixes.add(key, keyLength);
      }
    }
    if (!tryAdd(key, keyLength, trailer, hash, value, valueOffset, valueLength)) {
      endBlock();
      tryAdd(key, keyLength, trailer, hash, value, valueOffset, valueLength); // as it is empty
    }
    if (pendingEnd >= 0) {
      addSeparatorBefore(key, keyLength);
    }
    countEntry(key, keyLength, trailer, valueLength);
    if (InternalKey.kind(trailer) == ValueKind.PUT_EXPIRING) {
      countExpiry(ExpiringValue.expiresAt(value, valueOffset));
    }
  }

  private boolean tryAdd(
      byte[] key,
      int keyLength,
      long trailer,
      long hash,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    return block.tryAdd(
        key, keyLength, trailer, hash, value, valueOffset, valueLength, options.blockBytes());
  }

  private boolean isAfterLast(byte[] key, int keyLength, long trailer) {
    if (entries == 0) {
      return true;
    }
    long lastTrailer = block.isEmpty() ? pendingTrailer : block.lastTrailer();
    return InternalKey.compare(
            lastKey(), 0, lastKeyLength(), lastTrailer, key, 0, keyLength, trailer)
        < 0;
  }

  private boolean isLastKey(byte[] key, int keyLength) {
    return entries > 0
        && lastKeyLength() == keyLength
        && KeyBytes.equal(lastKey(), 0, key, 0, keyLength);
  }

  private byte[] lastKey() {
    return block.isEmpty() ? pendingKey : block.lastKey();
  }

  private int lastKeyLength() {
    return block.isEmpty() ? pendingKeyLength : block.lastKeyLength();
  }

  private void countEntry(byte[] key, int keyLength, long trailer, int valueLength) {
    if (smallestKey == null) {
      smallestKey = Bytes.of(key, 0, keyLength);
    }
    entries++;
    if (InternalKey.kind(trailer) == ValueKind.DELETE) {
      deletions++;
    }
    rawKeyBytes += keyLength;
    rawValueBytes += valueLength;
    countSequence(InternalKey.sequence(trailer));
  }

  private void countExpiry(long expiresAtMillis) {
    expiring++;
    smallestExpiryMillis = Math.min(smallestExpiryMillis, expiresAtMillis);
    largestExpiryMillis = Math.max(largestExpiryMillis, expiresAtMillis);
  }

  private void countSequence(long sequence) {
    smallestSequence = Math.min(smallestSequence, sequence);
    largestSequence = Math.max(largestSequence, sequence);
  }

  /// Adds a range tombstone.
  public void addRangeTombstone(RangeTombstone tombstone) {
    rangeTombstones.add(tombstone);
    countSequence(tombstone.sequence());
  }

  /// Adds all of a set.
  public void addRangeTombstones(RangeTombstones tombstones) {
    RangeTombstoneBlock.list(tombstones).forEach(this::addRangeTombstone);
  }

  /// Whether nothing has been added.
  public boolean isEmpty() {
    return entries == 0 && rangeTombstones.isEmpty();
  }

  /// Point entries added.
  public long entries() {
    return entries;
  }

  /// Size of the file if it ended after the blocks that are finished; filter and index come on top.
  public long fileBytes() {
    return flushedBytes + out.length();
  }

  private void endBlock() {
    pendingKeyLength = block.lastKeyLength();
    if (pendingKey.length < pendingKeyLength) {
      pendingKey = new byte[2 * pendingKeyLength];
    }
    System.arraycopy(block.lastKey(), 0, pendingKey, 0, pendingKeyLength);
    pendingTrailer = block.lastTrailer();
    pendingEnd = storeDataBlock().end();
    keys.endBlock((int) entries);
    if (out.length() >= WRITE_BYTES) {
      flush();
    }
  }

  /// Now that the first key of the next block is known: the shortest separator.
  private void addSeparatorBefore(byte[] next, int nextLength) {
    int prefix = Separators.prefixBetween(pendingKey, pendingKeyLength, next, nextLength);
    if (prefix > 0) {
      index.add(next, prefix, 0, pendingEnd);
    } else {
      boolean isSameKey =
          pendingKeyLength == nextLength && KeyBytes.equal(pendingKey, 0, next, 0, nextLength);
      index.add(pendingKey, pendingKeyLength, isSameKey ? pendingTrailer : 0, pendingEnd);
    }
    pendingEnd = -1;
  }

  private BlockHandle storeDataBlock() {
    if (lz4 == null) {
      int start = out.length();
      block.finish(out);
      offer(start, out, start);
      return seal(start, BlockTrailer.NONE);
    }
    raw.clear();
    block.finish(raw);
    int start = out.length();
    int rawBytes = raw.length();
    offer(start, raw, 0);
    int limit = rawBytes - (rawBytes >>> SHRINK_SHIFT) - BlockTrailer.LZ4_PREFIX_BYTES;
    out.putInt(rawBytes);
    int at = out.reserve(Math.max(0, limit));
    int bytes = lz4.compress(raw.segment(), 0, rawBytes, out.segment(), at, Math.max(0, limit));
    if (bytes == Lz4.TOO_LARGE) {
      out.truncate(start);
      out.put(raw.segment(), 0, rawBytes);
      return seal(start, BlockTrailer.NONE);
    }
    out.truncate(at + bytes);
    return seal(start, BlockTrailer.LZ4);
  }

  private void offer(int start, NativeBuffer source, int at) {
    MemorySegment memory = source.segment();
    freshBlocks.add(number, flushedBytes + start, memory, at, source.length() - at);
  }

  /// Puts the trailer behind the payload that starts at `start` of `out`.
  private BlockHandle seal(int start, byte compression) {
    int payloadBytes = out.length() - start;
    long fileOffset = flushedBytes + start;
    out.putByte(compression);
    out.putInt(BlockTrailer.crc(out.segment(), start, payloadBytes, number, fileOffset));
    return new BlockHandle(fileOffset, payloadBytes + BlockTrailer.BYTES);
  }

  private void flush() {
    file.append(out.view());
    flushedBytes += out.length();
    out.clear();
    if (out.capacity() > 4 * WRITE_BYTES) {
      out.shrinkTo(2 * WRITE_BYTES);
    }
  }

  /// Ends the table and syncs the file. A table must not be empty.
  public TableProperties finish() {
    if (isEmpty()) {
      throw new IllegalStateException(name + " would be empty");
    }
    if (!block.isEmpty()) {
      endBlock();
    }
    if (pendingEnd >= 0) {
      index.add(pendingKey, pendingKeyLength, 0, pendingEnd);
    }
    long blocks = index.blocks();
    RangeTombstones tombstones = RangeTombstones.ofList(rangeTombstones);
    BlockHandle tombstoneHandle = storeRangeTombstones(tombstones);
    BlockHandle filterHandle = storeFilter();
    int start = out.length();
    index.finish(out);
    BlockHandle indexHandle = seal(start, BlockTrailer.NONE);
    raw.clear();
    TableProperties properties = properties(tombstones, blocks, layOutPrefixFilter());
    start = out.length();
    properties.encode(out);
    out.put(raw.segment(), 0, raw.length());
    BlockHandle propertiesHandle = seal(start, BlockTrailer.NONE);
    int footerAt = out.reserve(TableFooter.BYTES);
    new TableFooter(tombstoneHandle, filterHandle, indexHandle, propertiesHandle)
        .encode(out.segment(), footerAt, number, flushedBytes + footerAt);
    flush();
    file.sync();
    long bytes = file.size();
    if (entries <= Integer.MAX_VALUE) {
      pointIndexes.make(number, keys);
    }
    closeAll();
    return properties.withFileBytes(bytes);
  }

  private BlockHandle storeRangeTombstones(RangeTombstones tombstones) {
    int start = out.length();
    if (tombstones.isEmpty()) {
      return new BlockHandle(flushedBytes + start, 0);
    }
    RangeTombstoneBlock.encode(tombstones, out);
    return seal(start, BlockTrailer.NONE);
  }

  private BlockHandle storeFilter() {
    int start = out.length();
    if (keys.count() == 0 || options.filterBitsPerKey() == 0) {
      return new BlockHandle(flushedBytes + start, 0);
    }
    TableFilterBuilder.append(keys.hashes(), options.filterBitsPerKey(), out);
    return seal(start, BlockTrailer.NONE);
  }

  /// Puts the prefix filter into `raw`; returns its bytes, 0 if there is none.
  private int layOutPrefixFilter() {
    Bytes first = smallestKey;
    return prefixes == null || first == null
        ? 0
        : prefixes.append(
            namespace(first.toArray(), first.length()),
            namespace(pendingKey, pendingKeyLength),
            raw);
  }

  /// Keys without one are the first of all.
  private static int namespace(byte[] key, int length) {
    return length < PrefixFilter.NAMESPACE_BYTES ? 0 : ByteArrays.beInt(key, 0);
  }

  private TableProperties properties(
      RangeTombstones tombstones, long blocks, int prefixFilterBytes) {
    Bytes smallest = smallestKey;
    Bytes largest = smallest == null ? null : Bytes.of(pendingKey, 0, pendingKeyLength);
    boolean isLargestExclusive = false;
    if (!tombstones.isEmpty()) {
      Bytes start = Bytes.of(tombstones.start(0));
      Bytes end = Bytes.of(tombstones.end(tombstones.fragments() - 1));
      smallest = smallest == null || start.compareTo(smallest) < 0 ? start : smallest;
      isLargestExclusive = largest == null || end.compareTo(largest) > 0;
      largest = isLargestExclusive ? end : largest;
    }
    if (smallest == null || largest == null) {
      throw new AssertionError("empty table");
    }
    return new TableProperties(
        number,
        0,
        entries,
        deletions,
        rangeTombstones.size(),
        rawKeyBytes,
        rawValueBytes,
        blocks,
        smallestSequence,
        largestSequence,
        createdMillis,
        smallest,
        largest,
        isLargestExclusive,
        expiring,
        expiring == 0 ? 0 : smallestExpiryMillis,
        largestExpiryMillis,
        prefixFilterBytes);
  }

  /// Gives up: closes and deletes the file.
  public void abandon() {
    if (!isClosed) {
      closeAll();
      freshBlocks.drop(number);
      pointIndexes.drop(number);
      files.delete(name);
    }
  }

  /// Gives up unless the table is finished.
  @Override
  public void close() {
    abandon();
  }

  private void closeAll() {
    isClosed = true;
    file.close();
    block.close();
    if (ownsMemory) {
      memory.close();
    }
  }
}
