package io.atlaskv.engine.internal.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Prefetch;
import io.atlaskv.engine.internal.io.StageTimes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Decoded table blocks in native memory, found by file number and file offset.
///
/// A block that is found comes pinned and stays where it is until it is unpinned: readers search it
/// in place, and hand out slices of it. Memory is taken as blocks come, up to the capacity, which
/// counts everything: slabs, descriptors, hash tables. Heap use is one small object a slab.
///
/// Thread-safe. Lookups are lock-free: find a location in the hash table, pin that slot by an
/// atomic add, then verify that the slot still holds the block asked for (`Slab`, S1 and S2).
public final class BlockCache implements SharedPin, AutoCloseable {
  private static final int SHARDS_MAX = 16;
  private static final long SHARD_BYTES_MIN = 64L << 20;
  private static final int SLAB_BYTES_MIN = 32 << 10;
  private static final int SLAB_BYTES_MAX = 1 << 20;
  private static final int SLABS_WANTED = 32;
  private static final int LENT_FRACTION = 8;
  private static final int BLOCKS_FRACTION_MIN = 4;
  private static final long ROW_SHARD_BYTES_MIN = 4L << 20;
  private static final int ROW_SLAB_BYTES_MIN = 8 << 10;
  private static final int ROW_SLAB_BYTES_MAX = 64 << 10;
  private static final int ROW_SIZE_SHIFT = 4;

  private final Arena arena = Arena.ofShared();
  private final BufferPool buffers = new BufferPool();
  private final CacheShard[] shards;
  private final int shardShift;
  private final @Nullable RowCache rows;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private volatile long capacityBytes;
  private volatile IntConsumer readers = blocks -> {};
  private volatile @Nullable StageTimes times;

  @GuardedBy("this")
  private long lentBytes;

  @GuardedBy("this")
  private long chargedBytes;

  /// A cache of that many bytes; 0 keeps nothing.
  public BlockCache(long capacityBytes) {
    this(capacityBytes, 0, false);
  }

  /// As above, without rows.
  public BlockCache(long capacityBytes, boolean poisons) {
    this(capacityBytes, 0, poisons);
  }

  /// @param rowBytes of memory besides, for single rows; 0 keeps none
  /// @param poisons overwrite the bytes of every slot that is freed: for tests, which then see any
  ///   use of a block after its pin
  public BlockCache(long capacityBytes, long rowBytes, boolean poisons) {
    this(
        capacityBytes,
        SHARD_BYTES_MIN,
        SLAB_BYTES_MIN,
        SLAB_BYTES_MAX,
        0,
        rowBytes == 0 ? null : new RowCache(rowBytes, poisons),
        poisons);
  }

  /// @param sizeShift slots are smaller than those of blocks by so many bits
  private BlockCache(
      long capacityBytes,
      long shardBytesMin,
      int slabBytesMin,
      int slabBytesMax,
      int sizeShift,
      @Nullable RowCache rows,
      boolean poisons) {
    checkCapacity(capacityBytes);
    this.capacityBytes = capacityBytes;
    this.rows = rows;
    int count = 1;
    while (count < SHARDS_MAX && capacityBytes / (2L * count) >= shardBytesMin) {
      count *= 2;
    }
    shards = new CacheShard[count];
    shardShift = Long.SIZE - Integer.numberOfTrailingZeros(count);
    int slabBytes = slabBytesMin;
    while (slabBytes < slabBytesMax && capacityBytes / count / (2L * slabBytes) >= SLABS_WANTED) {
      slabBytes *= 2;
    }
    for (int i = 0; i < count; i++) {
      shards[i] = new CacheShard(arena, capacityBytes / count, slabBytes, sizeShift, poisons);
    }
  }

  /// What keeps rows as others keep blocks: named by file number and any other number, in slots
  /// from 64 bytes.
  static BlockCache ofRows(long capacityBytes, boolean poisons) {
    return new BlockCache(
        capacityBytes,
        ROW_SHARD_BYTES_MIN,
        ROW_SLAB_BYTES_MIN,
        ROW_SLAB_BYTES_MAX,
        ROW_SIZE_SHIFT,
        null,
        poisons);
  }

  private static void checkCapacity(long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException("capacityBytes=" + capacityBytes);
    }
  }

  /// Most bytes it may use, those that are lent or charged included.
  public long capacityBytes() {
    return capacityBytes;
  }

  /// Bytes in use, descriptors and tables included.
  public long bytes() {
    long sum = 0;
    for (CacheShard shard : shards) {
      sum += shard.usedBytes();
    }
    return sum;
  }

  /// Blocks held.
  public long blockCount() {
    long sum = 0;
    for (CacheShard shard : shards) {
      sum += shard.blockCount();
    }
    return sum;
  }

  /// Reads answered from the cache. Contexts add theirs by the hundred and when they are closed.
  public long hits() {
    return hits.sum();
  }

  /// Reads that had to go to the file.
  public long misses() {
    return misses.sum();
  }

  /// Who is told, by any thread, how many blocks were read. To be short.
  public void onReads(IntConsumer listener) {
    readers = listener;
  }

  void count(int newHits, int newMisses) {
    hits.add(newHits);
    misses.add(newMisses);
    readers.accept(newHits + newMisses);
  }

  /// Measures what is read through this from now on.
  public void times(StageTimes value) {
    times = value;
  }

  /// What measures, or null.
  public @Nullable StageTimes times() {
    return times;
  }

  /// The cache of single rows, or null.
  public @Nullable RowCache rows() {
    return rows;
  }

  /// Buffers for stored bytes.
  public BufferPool buffers() {
    return buffers;
  }

  /// Pins a block for `out`; false if it is not here.
  ///
  /// @param countHit whether this makes the block stay longer; scans say no
  public boolean pin(long fileNumber, long fileOffset, boolean countHit, PinnedBlock out) {
    long hash = SlotTable.hash(fileNumber, fileOffset);
    int index = shardOf(hash);
    CacheShard shard = shards[index];
    int location = shard.pin(hash, fileNumber, fileOffset, countHit);
    if (location < 0) {
      return false;
    }
    hold(index, location, out);
    return true;
  }

  /// Pins a block for `out` if it still is where `token`, of an earlier pin, says.
  boolean pinAt(long token, long fileNumber, long fileOffset, boolean countHit, PinnedBlock out) {
    int index = (int) (token >>> Integer.SIZE);
    int location = (int) token;
    Slab slab = shards[index].slabOf(location);
    int slot = CacheShard.slotOf(location);
    if (!slab.tryPin(slot, fileNumber, fileOffset, countHit)) {
      return false;
    }
    out.hold(slab.memory(), slab.base(slot), slab.length(slot), this, token);
    return true;
  }

  /// Notes what pinning by that token reads; -1 is no token.
  public void prefetch(long token, Prefetch prefetch) {
    if (token >= 0) {
      int location = (int) token;
      Slab slab = shards[(int) (token >>> Integer.SIZE)].slabOf(location);
      slab.prefetch(CacheShard.slotOf(location), prefetch);
    }
  }

  /// Verifies and decodes a stored block, inserts it if there is room, and pins it for `out`.
  ///
  /// @param stored memory that holds the stored bytes from `at` on
  /// @param isScan whether the block is probably read only once
  public void load(
      BlockRequest request, MemorySegment stored, long at, boolean isScan, PinnedBlock out) {
    BlockSource source = request.source();
    long fileOffset = request.fileOffset();
    int storedBytes = request.storedBytes();
    int blockBytes = source.verify(stored, at, storedBytes, fileOffset);
    long hash = SlotTable.hash(source.fileNumber(), fileOffset);
    int index = shardOf(hash);
    CacheShard shard = shards[index];
    int location =
        shard.allocate(hash, blockBytes, isScan ? Eviction.SELDOM : Eviction.COLDEST_IF_ADMITTED);
    if (location < 0) {
      decodeUncached(request, stored, at, blockBytes, out);
      return;
    }
    boolean isDecoded = false;
    try {
      Slab slab = shard.slabOf(location);
      long base = slab.base(CacheShard.slotOf(location));
      source.decode(stored, at, storedBytes, fileOffset, slab.memory(), base, blockBytes);
      isDecoded = true;
    } finally {
      if (!isDecoded) {
        shard.abandon(location);
      }
    }
    hold(
        index,
        shard.publish(location, hash, source.fileNumber(), fileOffset, blockBytes, isScan),
        out);
  }

  /// Puts a block here that was just written, if there is room.
  ///
  /// @param memory holds the block, decoded, from `at` on
  /// @param isCold whether it may only take the place of blocks that nobody uses
  public void insert(
      long fileNumber, long fileOffset, MemorySegment memory, long at, int length, boolean isCold) {
    long hash = SlotTable.hash(fileNumber, fileOffset);
    CacheShard shard = shards[shardOf(hash)];
    int location = shard.allocate(hash, length, isCold ? Eviction.UNUSED : Eviction.COLDEST);
    if (location < 0) {
      return;
    }
    Slab slab = shard.slabOf(location);
    MemorySegment.copy(memory, at, slab.memory(), slab.base(CacheShard.slotOf(location)), length);
    int published = shard.publish(location, hash, fileNumber, fileOffset, length, isCold);
    shard.slabOf(published).unpin(CacheShard.slotOf(published));
  }

  /// As `load`, without inserting the block.
  public void loadUncached(BlockRequest request, MemorySegment stored, long at, PinnedBlock out) {
    int blockBytes =
        request.source().verify(stored, at, request.storedBytes(), request.fileOffset());
    decodeUncached(request, stored, at, blockBytes, out);
  }

  private void decodeUncached(
      BlockRequest request, MemorySegment stored, long at, int blockBytes, PinnedBlock out) {
    NativeBuffer buffer = buffers.take(blockBytes);
    var block = new UncachedBlock(buffers, buffer);
    out.hold(buffer.segment(), 0, blockBytes, block, 0);
    boolean isDecoded = false;
    try {
      request
          .source()
          .decode(
              stored,
              at,
              request.storedBytes(),
              request.fileOffset(),
              buffer.segment(),
              0,
              blockBytes);
      isDecoded = true;
    } finally {
      if (!isDecoded) {
        out.release();
      }
    }
  }

  private void hold(int shardIndex, int location, PinnedBlock out) {
    Slab slab = shards[shardIndex].slabOf(location);
    int slot = CacheShard.slotOf(location);
    long token = (long) shardIndex << Integer.SIZE | location;
    out.hold(slab.memory(), slab.base(slot), slab.length(slot), this, token);
  }

  @Override
  public void pinAgain(long token) {
    int location = (int) token;
    shards[(int) (token >>> Integer.SIZE)].slabOf(location).pinAgain(CacheShard.slotOf(location));
  }

  @Override
  public void unpin(long token) {
    int location = (int) token;
    shards[(int) (token >>> Integer.SIZE)].slabOf(location).unpin(CacheShard.slotOf(location));
  }

  /// Drops the blocks and rows of a file that is gone, except pinned ones.
  public void evictFile(long fileNumber) {
    for (CacheShard shard : shards) {
      shard.evictFile(fileNumber);
    }
    if (rows != null) {
      rows.evictFile(fileNumber);
    }
  }

  /// Changes the capacity; a smaller one takes effect at once as far as pins allow.
  public synchronized void resize(long newCapacityBytes) {
    checkCapacity(newCapacityBytes);
    capacityBytes = newCapacityBytes;
    divide();
  }

  /// Gives up a part of the capacity, so that the caller may take so much memory elsewhere; false
  /// if more than an eighth would be lent. May free memory, which takes its time.
  public synchronized boolean tryLend(long bytes) {
    if (!mayLend(bytes)) {
      return false;
    }
    lentBytes += bytes;
    divide();
    return true;
  }

  /// True if so much could be lent now.
  public synchronized boolean mayLend(long bytes) {
    return lentBytes + bytes <= Math.max(0, capacityBytes - chargedBytes) / LENT_FRACTION;
  }

  /// Takes back what was lent: the caller has freed it.
  public synchronized void takeBack(long bytes) {
    lentBytes -= bytes;
    assert lentBytes >= 0 : "lentBytes=" + lentBytes;
    divide();
  }

  /// Counts memory that is taken elsewhere and cannot be refused, such as the indexes and filters
  /// of tables: blocks make room for it, but keep a quarter of the capacity.
  public synchronized void charge(long bytes) {
    chargedBytes += bytes;
    divide();
  }

  /// Ends a charge: the memory is freed.
  public synchronized void discharge(long bytes) {
    chargedBytes -= bytes;
    assert chargedBytes >= 0 : "chargedBytes=" + chargedBytes;
    divide();
  }

  @GuardedBy("this")
  private void divide() {
    long left =
        Math.max(capacityBytes / BLOCKS_FRACTION_MIN, capacityBytes - lentBytes - chargedBytes);
    for (CacheShard shard : shards) {
      shard.resize(left / shards.length);
    }
  }

  private int shardOf(long hash) {
    return shardShift == Long.SIZE ? 0 : (int) (hash >>> shardShift);
  }

  /// Frees all memory. No block may be pinned, no thread may use the cache any more.
  @Override
  public void close() {
    if (rows != null) {
      rows.close();
    }
    for (CacheShard shard : shards) {
      shard.close();
    }
    arena.close();
    buffers.close();
  }
}
