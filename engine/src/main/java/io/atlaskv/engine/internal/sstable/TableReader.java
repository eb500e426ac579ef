package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.Lz4;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Prefetch;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.BlockHints;
import io.atlaskv.engine.internal.cache.BlockSource;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.cache.RowCache;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.ReadFile;
import io.atlaskv.engine.internal.io.StageTimes;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An open table: index, filter and range tombstones resident, data blocks through the cache. Any
/// number of threads.
///
/// Counted references: `open` gives the first, the last `release` closes the file and frees the
/// memory, which takes some tens of microseconds.
public final class TableReader implements BlockSource {
  /// Answer of `locate`: the table has no entry of a key with that hash.
  public static final long NOT_HERE = PointIndex.ABSENT;

  /// Answer of `locate`: the table may have the key.
  public static final long UNLOCATED = PointIndex.UNKNOWN;

  /// So many keys there are for one whose reads are measured.
  public static final int KEYS_PER_MEASURED = 1 << 10;

  /// No entry of a block is known.
  public static final int ANY_ENTRY = DataBlockSearch.ANY_ENTRY;

  private static final long HASH_SEED = 0x5441424c45L;
  private static final int TAIL_READ_BYTES = 32 << 10;
  private static final long TIMED_MASK = KEYS_PER_MEASURED - 1; // of the hash
  private static final int DECODED_BYTES_MAX = 1 << 30;
  private static final long NEWEST = InternalKey.seekTrailer(SequenceNumber.MAX);

  private final String name;
  private final long number;
  private final ReadFile file;
  private final long fileBytes;
  private final TableFooter footer;
  private final Arena arena;
  private final TableFilter filter;
  private volatile @Nullable PointIndex points; // set once, at the latest by `adopt`
  private final TableIndex index;
  private final BlockHints hints;
  private final TableProperties properties;
  private final @Nullable PrefixFilter prefixFilter;
  private final RangeTombstones rangeTombstones;
  private final @Nullable TableRows rows;
  private final AtomicInteger references = new AtomicInteger(1);

  private TableReader(
      String name,
      long number,
      ReadFile file,
      long fileBytes,
      NativeBuffer metadata,
      long metadataOffset,
      TableFooter footer,
      Arena arena,
      @Nullable PointIndex points,
      @Nullable RowCache rowCache) {
    this.name = name;
    this.number = number;
    this.file = file;
    this.fileBytes = fileBytes;
    this.footer = footer;
    this.arena = arena;
    this.points = points;
    MemorySegment bytes = metadata.segment();
    BlockHandle handle = footer.properties();
    properties =
        TableProperties.decode(
            name,
            number,
            fileBytes,
            handle.offset(),
            bytes,
            handle.offset() - metadataOffset,
            verifyResident(bytes, handle, metadataOffset));
    int prefixFilterBytes = properties.prefixFilterBytes();
    long propertiesEnd = handle.end() - BlockTrailer.BYTES - metadataOffset;
    prefixFilter =
        prefixFilterBytes == 0
            ? null
            : PrefixFilter.of(
                name,
                handle.offset(),
                bytes,
                propertiesEnd - prefixFilterBytes,
                prefixFilterBytes,
                arena);
    handle = footer.index();
    index =
        TableIndex.of(
            name,
            handle.offset(),
            bytes,
            handle.offset() - metadataOffset,
            verifyResident(bytes, handle, metadataOffset),
            arena);
    hints = new BlockHints(arena, index.blocks());
    handle = footer.filter();
    int filterBytes = handle.exists() ? verifyResident(bytes, handle, metadataOffset) : 0;
    filter =
        handle.exists() && points == null
            ? TableFilter.of(
                name, handle.offset(), bytes, handle.offset() - metadataOffset, filterBytes, arena)
            : TableFilter.NONE;
    handle = footer.rangeTombstones();
    rangeTombstones =
        handle.exists()
            ? RangeTombstoneBlock.decode(
                name,
                handle.offset(),
                bytes,
                handle.offset() - metadataOffset,
                verifyResident(bytes, handle, metadataOffset))
            : RangeTombstones.EMPTY;
    requireBlocksFill();
    rows = rowCache == null ? null : new TableRows(rowCache, this, properties.largestSequence());
  }

  /// The data blocks must lie between header and metadata, without gaps.
  private void requireBlocksFill() {
    long end = FileHeader.BYTES;
    for (int block = 0; block < index.blocks(); block++) {
      long blockEnd = index.blockEnd(block);
      if (blockEnd <= end + BlockTrailer.BYTES || blockEnd - end > Integer.MAX_VALUE) {
        throw new CorruptionException(name, end, "data block ends at " + blockEnd);
      }
      end = blockEnd;
    }
    if (end != footer.metadataStart()) {
      throw new CorruptionException(
          name, end, "data ends here, expected at " + footer.metadataStart());
    }
  }

  /// Opens the table of that number: reads its tail, all of its metadata if that is longer, and its
  /// header.
  ///
  /// @param cache lends the buffers for it
  /// @param pointIndexes may have the index of its keys, which then replaces the filter
  /// @throws CorruptionException if the file is damaged, or another store's or table's
  public static TableReader open(
      FileSystem files, long number, UUID storeUuid, BlockCache cache, PointIndexes pointIndexes) {
    String name = FileName.table(number);
    ReadFile file = files.openRead(name);
    Arena arena = Arena.ofShared();
    PointIndex points = pointIndexes.take(number);
    TableReader reader = null;
    try {
      reader = open(name, number, storeUuid, file, arena, cache, points);
      return reader;
    } finally {
      if (reader == null) {
        file.close();
        arena.close();
        if (points != null) {
          points.close();
        }
      }
    }
  }

  private static TableReader open(
      String name,
      long number,
      UUID storeUuid,
      ReadFile file,
      Arena arena,
      BlockCache cache,
      @Nullable PointIndex points) {
    long fileBytes = file.size();
    if (fileBytes < FileHeader.BYTES + TableFooter.BYTES) {
      throw new CorruptionException(name, fileBytes, "too short for a table");
    }
    NativeBuffer buffer = cache.buffers().take(TAIL_READ_BYTES);
    try {
      long from = Math.max(0, fileBytes - TAIL_READ_BYTES);
      read(name, file, from, (int) (fileBytes - from), buffer);
      long footerOffset = fileBytes - TableFooter.BYTES;
      TableFooter footer =
          TableFooter.decode(name, buffer.segment(), footerOffset - from, number, footerOffset);
      if (from > 0) {
        requireHeader(name, number, storeUuid, file, buffer.segment(), 0, true, cache);
        if (footer.metadataStart() < from) {
          from = footer.metadataStart();
          if (fileBytes - from > Integer.MAX_VALUE - Long.BYTES) {
            throw new CorruptionException(name, from, "metadata is too long");
          }
          read(name, file, from, (int) (fileBytes - from), buffer);
        }
      } else {
        requireHeader(name, number, storeUuid, file, buffer.segment(), 0, false, cache);
      }
      return new TableReader(
          name, number, file, fileBytes, buffer, from, footer, arena, points, cache.rows());
    } finally {
      cache.buffers().give(buffer);
    }
  }

  private static void requireHeader(
      String name,
      long number,
      UUID storeUuid,
      ReadFile file,
      MemorySegment tail,
      long at,
      boolean mustRead,
      BlockCache cache) {
    if (!mustRead) {
      FileHeader.decode(name, tail.asSlice(at, FileHeader.BYTES), FileFormat.TABLE)
          .requireIdentity(name, storeUuid, number);
      return;
    }
    NativeBuffer buffer = cache.buffers().take(FileHeader.BYTES);
    try {
      read(name, file, 0, FileHeader.BYTES, buffer);
      FileHeader.decode(name, buffer.segment().asSlice(0, FileHeader.BYTES), FileFormat.TABLE)
          .requireIdentity(name, storeUuid, number);
    } finally {
      cache.buffers().give(buffer);
    }
  }

  private static void read(
      String name, ReadFile file, long position, int bytes, NativeBuffer buffer) {
    buffer.clear();
    buffer.reserve(bytes);
    int found = file.read(position, buffer.view(0, bytes));
    if (found != bytes) {
      throw new CorruptionException(name, position, "expected " + bytes + " bytes, found " + found);
    }
  }

  /// Verifies a block of the metadata; returns the size of its payload.
  private int verifyResident(MemorySegment bytes, BlockHandle handle, long metadataOffset) {
    int payloadBytes = handle.storedBytes() - BlockTrailer.BYTES;
    long at = handle.offset() - metadataOffset;
    requireChecksum(bytes, at, payloadBytes, handle.offset());
    byte compression = BlockTrailer.compression(bytes, at, payloadBytes);
    if (compression != BlockTrailer.NONE) {
      throw unknownCompression(handle.offset(), compression);
    }
    return payloadBytes;
  }

  private void requireChecksum(MemorySegment stored, long at, int payloadBytes, long fileOffset) {
    int expected = BlockTrailer.storedCrc(stored, at, payloadBytes);
    int found = BlockTrailer.crc(stored, at, payloadBytes, number, fileOffset);
    if (expected != found) {
      throw CorruptionException.checksum(name, fileOffset, expected, found);
    }
  }

  private CorruptionException unknownCompression(long fileOffset, byte compression) {
    return new CorruptionException(name, fileOffset, "unknown compression " + compression);
  }

  /// Hash of a key for `get`; the same for all tables.
  public static long hash(byte[] key, int offset, int length) {
    return Hash64.hash(HASH_SEED, key, offset, length);
  }

  /// Whether reads of a key with that hash are measured: one key in `KEYS_PER_MEASURED`.
  public static boolean isMeasured(long hash) {
    return (hash & TIMED_MASK) == 0;
  }

  /// Plain name of the file.
  public String name() {
    return name;
  }

  @Override
  public long fileNumber() {
    return number;
  }

  @Override
  public ReadFile file() {
    return file;
  }

  /// What the table says of itself.
  public TableProperties properties() {
    return properties;
  }

  /// Its range tombstones, which `get` does not look at.
  public RangeTombstones rangeTombstones() {
    return rangeTombstones;
  }

  /// Which part of the data blocks, by bytes, falls to the keys from `start` to before `end`; null
  /// is no bound. A block in which a bound lies counts half, so that parts that meet add up.
  public double share(byte @Nullable [] start, byte @Nullable [] end) {
    double all = index.blockOffset(index.blocks()) - index.blockOffset(0);
    double from = start == null ? index.blockOffset(0) : position(start);
    double to = end == null ? index.blockOffset(index.blocks()) : position(end);
    return all == 0 ? 0 : (to - from) / all;
  }

  /// Ascending keys that cut the data blocks into at most `slices` runs of about the same bytes:
  /// one less than there are runs. By the resident index.
  public List<byte[]> cuts(int slices) {
    int blocks = index.blocks();
    var cuts = new ArrayList<byte[]>();
    if (blocks == 0) {
      return cuts;
    }
    long start = index.blockOffset(0);
    long all = index.blockOffset(blocks) - start;
    int block = 0;
    for (int slice = 1; slice < slices; slice++) {
      long wanted = start + (long) ((double) all * slice / slices);
      int first = block;
      while (block < blocks - 1 && index.blockEnd(block) <= wanted) {
        block++;
      }
      if (block > first) {
        cuts.add(index.separator(block - 1));
      }
    }
    return cuts;
  }

  /// The middle of the block in which a key would be; the end of the last one if it is after all.
  private double position(byte[] key) {
    int block = index.find(key, 0, key.length, NEWEST);
    double start = index.blockOffset(block);
    return block == index.blocks() ? start : (start + index.blockEnd(block)) / 2;
  }

  /// True if it has the point index of its keys.
  boolean hasPointIndex() {
    return points != null;
  }

  /// Takes over the point index of its keys: reads that begin now use it. The caller holds a
  /// reference, and nobody else gives the table one. The filter stays, as reads may be using it.
  void adopt(PointIndex made) {
    assert points == null : name + " has one";
    points = made;
  }

  /// Native memory that the table takes while it is open.
  public long nativeBytes() {
    PointIndex keys = points;
    return metadataBytes() + (keys == null ? 0 : keys.bytes());
  }

  /// The part of it that comes from the table's file, and stays the same.
  public long metadataBytes() {
    PrefixFilter prefixes = prefixFilter;
    return filter.bytes()
        + (prefixes == null ? 0 : prefixes.bytes())
        + index.bytes()
        + hints.bytes();
  }

  TableIndex index() {
    return index;
  }

  @Nullable PointIndex points() {
    return points;
  }

  TableFilter filter() {
    return filter;
  }

  /// What its keys begin with, if that was noted.
  public @Nullable PrefixFilter prefixFilter() {
    return prefixFilter;
  }

  TableFooter footer() {
    return footer;
  }

  BlockHints hints() {
    return hints;
  }

  /// Finds the newest version of a key that `snapshot` sees.
  ///
  /// @param hash of the key, by `hash`
  /// @return the state of `out`
  /// @throws io.atlaskv.engine.internal.base.NeedsBlocks if the block is not in memory and the
  ///   context must not read
  public int get(
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    if (isMeasured(hash)) {
      StageTimes times = context.cache().times();
      if (times != null) {
        return new TableProbe(this, context, times.clock())
            .get(key, offset, length, hash, snapshot, out, times);
      }
    }
    PointIndex keys = points;
    if (keys == null) {
      if (!filter.mayContain(hash)) {
        out.absent();
        return Lookup.ABSENT;
      }
    } else {
      long candidate = keys.first(hash);
      while (candidate >= 0) {
        int entry = keys.entry(candidate);
        int state =
            getIn(keys.block(candidate), context, entry, key, offset, length, hash, snapshot, out);
        if (Lookup.isAnswer(state)) {
          return state;
        }
        if (state == Lookup.ABSENT) {
          break; // a version that old is not here, or the key is somewhere else in the block
        }
        candidate = keys.next(hash, candidate);
      }
      if (candidate == PointIndex.ABSENT) {
        out.absent();
        return Lookup.ABSENT;
      }
    }
    int block = index.find(key, offset, length, InternalKey.seekTrailer(snapshot));
    if (block == index.blocks()) {
      out.absent();
      return Lookup.ABSENT;
    }
    return getIn(
        block, context, DataBlockSearch.ANY_ENTRY, key, offset, length, hash, snapshot, out);
  }

  /// Looks for a key in a data block; answers as `DataBlockSearch.get`.
  private int getIn(
      int ordinal,
      ReadContext context,
      int entry,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    long blockOffset = index.blockOffset(ordinal);
    PinnedBlock block = context.scratch();
    if (!context.tryPin(this, hints, ordinal, blockOffset, false, block)
        && !load(ordinal, context, key, offset, length, hash, snapshot, out)) {
      return out.state();
    }
    try {
      int state = DataBlockSearch.get(block, entry, key, offset, length, hash, snapshot, out);
      if (state == DataBlockSearch.MALFORMED || state == DataBlockSearch.WRONG_SUM) {
        throw damage(state, blockOffset, key, offset, length);
      }
      return state;
    } finally {
      block.release();
    }
  }

  /// Brings a data block that is not in memory to the context's scratch; or answers without it,
  /// from the row cache, and says false.
  boolean load(
      int ordinal,
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    long blockOffset = index.blockOffset(ordinal);
    int storedBytes = (int) (index.blockEnd(ordinal) - blockOffset);
    TableRows cached = rows;
    if (cached != null && cached.isFor(context, snapshot)) {
      return cached.load(context, blockOffset, storedBytes, key, offset, length, hash, out);
    }
    context.readIfAllowed(this, blockOffset, storedBytes, false, context.scratch());
    return true;
  }

  /// What is wrong with a block, of which `DataBlockSearch.get` said so.
  CorruptionException damage(int state, long blockOffset, byte[] key, int offset, int length) {
    return new CorruptionException(
        name,
        blockOffset,
        state == DataBlockSearch.WRONG_SUM
            ? RowSum.damage(key, offset, length)
            : "malformed data block");
  }

  // `get` in stages, for many keys: what one stage notes is to be fetched before the next

  /// Notes what `locate` reads.
  public void prefetchLocate(long hash, Prefetch prefetch, int rank) {
    PointIndex keys = points;
    if (keys == null) {
      filter.prefetch(hash, prefetch, rank);
    } else {
      keys.prefetch(hash, prefetch, rank);
    }
  }

  /// Where the newest version of a key with that hash is, if it is in the table: a place, or
  /// `UNLOCATED`, which `findLeaf` and `findBlock` can say; or `NOT_HERE`.
  public long locate(long hash) {
    PointIndex keys = points;
    if (keys == null) {
      return filter.mayContain(hash) ? UNLOCATED : NOT_HERE;
    }
    long candidate = keys.first(hash);
    return candidate < 0
        ? candidate
        : (long) keys.block(candidate) << Integer.SIZE | (keys.entry(candidate) & 0xffffffffL);
  }

  /// Data block of a place.
  public static int block(long place) {
    return (int) (place >>> Integer.SIZE);
  }

  /// What of the block a place names: for the methods below.
  public static int entry(long place) {
    return (int) place;
  }

  /// The part of the index in which a key is; less than 0 if it is not in the table.
  public long findLeaf(byte[] key, int offset, int length) {
    return index.findLeaf(key, offset, length, NEWEST);
  }

  /// Notes what `findBlock` reads.
  public void prefetchLeaf(long leaf, Prefetch prefetch) {
    index.prefetchLeaf(leaf, prefetch);
  }

  /// The data block in which a key's newest version is if it is anywhere; -1 if in none.
  public int findBlock(long leaf, byte[] key, int offset, int length) {
    int block = index.findInLeaf(leaf, key, offset, length, NEWEST);
    return block == index.blocks() ? -1 : block;
  }

  /// Where a data block was last seen in the cache; for `BlockCache.prefetch`.
  public long hint(int block) {
    return hints.token(block);
  }

  /// Pins a data block if it is in memory.
  public boolean tryPin(ReadContext context, int block, PinnedBlock out) {
    return context.tryPin(this, hints, block, index.blockOffset(block), false, out);
  }

  /// Notes the head of a pinned block.
  public static void prefetchHead(PinnedBlock block, Prefetch prefetch) {
    DataBlockPrefetch.head(block, prefetch);
  }

  /// Notes the place of a key in a pinned block.
  ///
  /// @param entry from a place, or `ANY_ENTRY`
  public static void prefetchEntry(PinnedBlock block, int entry, long hash, Prefetch prefetch) {
    DataBlockPrefetch.entry(block, entry, DataBlockLayout.tag(hash), prefetch);
  }

  /// As `get`, in a block that is pinned. True if there is an answer; false says nothing.
  ///
  /// @param entry from a place, or `ANY_ENTRY`
  public static boolean get(
      PinnedBlock block,
      int entry,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    int state = DataBlockSearch.get(block, entry, key, offset, length, hash, snapshot, out);
    return Lookup.isAnswer(state);
  }

  /// A cursor over all entries. The caller keeps a reference to the table until it is closed.
  public InternalIterator iterator(ReadContext context) {
    return new TableIterator(this, context);
  }

  @Override
  public int verify(MemorySegment stored, long at, int storedBytes, long fileOffset) {
    int payloadBytes = storedBytes - BlockTrailer.BYTES;
    requireChecksum(stored, at, payloadBytes, fileOffset);
    byte compression = BlockTrailer.compression(stored, at, payloadBytes);
    if (compression == BlockTrailer.NONE) {
      return payloadBytes;
    }
    if (compression != BlockTrailer.LZ4) {
      throw unknownCompression(fileOffset, compression);
    }
    int decodedBytes =
        payloadBytes < BlockTrailer.LZ4_PREFIX_BYTES ? -1 : stored.get(Layouts.LE_INT, at);
    if (decodedBytes < 0 || decodedBytes > DECODED_BYTES_MAX) {
      throw new CorruptionException(
          name, fileOffset, "compressed block says it has " + decodedBytes + " bytes");
    }
    return decodedBytes;
  }

  @Override
  public void decode(
      MemorySegment stored,
      long at,
      int storedBytes,
      long fileOffset,
      MemorySegment target,
      long targetOffset,
      int blockBytes) {
    int payloadBytes = storedBytes - BlockTrailer.BYTES;
    if (isStoredRaw(stored, at, storedBytes)) {
      MemorySegment.copy(stored, at, target, targetOffset, blockBytes);
      return;
    }
    int decoded =
        Lz4.decompress(
            stored,
            at + BlockTrailer.LZ4_PREFIX_BYTES,
            payloadBytes - BlockTrailer.LZ4_PREFIX_BYTES,
            target,
            targetOffset,
            blockBytes);
    if (decoded == Lz4.MALFORMED) {
      throw new CorruptionException(name, fileOffset, "malformed LZ4 block");
    }
  }

  /// Whether a verified block needs no decoding.
  boolean isStoredRaw(MemorySegment stored, long at, int storedBytes) {
    return BlockTrailer.compression(stored, at, storedBytes - BlockTrailer.BYTES)
        == BlockTrailer.NONE;
  }

  /// Reads the whole file again and checks every byte of it, past the cache. Metadata first.
  ///
  /// @throws CorruptionException naming the first damaged block
  public void verifyChecksums(UUID storeUuid, BlockCache cache) {
    TableReader again = open(file, storeUuid, cache);
    try {
      again.verifyDataBlocks(cache);
    } finally {
      again.arena.close();
    }
  }

  private TableReader open(ReadFile sameFile, UUID storeUuid, BlockCache cache) {
    Arena ownArena = Arena.ofShared();
    TableReader reader = null;
    try {
      reader = open(name, number, storeUuid, sameFile, ownArena, cache, null);
      return reader;
    } finally {
      if (reader == null) {
        ownArena.close();
      }
    }
  }

  private void verifyDataBlocks(BlockCache cache) {
    try (var walk = new BlockWalk(this, cache.buffers())) {
      while (walk.next()) {
        walk.decode();
        DataBlockIterator entries = walk.entries();
        entries.seekToFirst();
        while (entries.isValid()) {
          entries.next();
        }
      }
    }
  }

  /// Adds a reference; the caller knows that there is one.
  public void retain() {
    int before = references.getAndIncrement();
    assert before > 0 : name + " is closed";
  }

  /// Drops a reference; the last one closes the file.
  public void release() {
    if (references.decrementAndGet() == 0) {
      file.close();
      arena.close();
      PointIndex keys = points;
      if (keys != null) {
        keys.close();
      }
    }
  }

  @Override
  public String toString() {
    return name + " (" + fileBytes + " bytes)";
  }
}
