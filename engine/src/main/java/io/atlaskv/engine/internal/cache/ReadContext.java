package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.io.StageTimes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What one reader may do, and what it still needs: goes with a command through all its runs. Used
/// by one thread at a time, but not always the same.
///
/// In `CACHE_ONLY` mode a missing block is recorded and `NeedsBlocks` thrown; a worker then calls
/// `fetchNeeded`, and the command runs again with the same context. In `BLOCKING` mode blocks are
/// read where they are missed.
///
/// Invariants:
/// - R1: blocks fetched by `fetchNeeded` stay pinned until `reset`, so that the next run finds them
///   however small the cache is.
/// - R2: no request is recorded twice.
public final class ReadContext implements AutoCloseable {
  /// What a reader does about a block that is not in memory.
  public enum Mode {
    /// Reads it.
    BLOCKING,
    /// Records it and throws `NeedsBlocks`.
    CACHE_ONLY
  }

  /// The most that is read at once.
  public static final int READ_BYTES_MAX = 256 << 10;

  private static final int GAP_BYTES_MAX = 4 << 10;
  private static final int COUNTS_MAX = 256;

  private static final Comparator<BlockRequest> BY_PLACE =
      (one, other) -> {
        int order = Long.compare(one.source().fileNumber(), other.source().fileNumber());
        return order != 0 ? order : Long.compare(one.fileOffset(), other.fileOffset());
      };

  private final BlockCache cache;
  private final ArrayList<BlockRequest> needs = new ArrayList<>();
  private final ArrayList<Held> held = new ArrayList<>();
  private final PinnedBlock scratch = new PinnedBlock();
  private final SequentialMisses sequential = new SequentialMisses();
  private Mode mode;
  private boolean fillsCache = true;
  private int hits;
  private int misses;
  private int peekBalance;

  private record Held(BlockRequest request, PinnedBlock block) {}

  /// A context that fills the cache with what it reads.
  public ReadContext(BlockCache cache, Mode mode) {
    this.cache = cache;
    this.mode = mode;
  }

  /// The cache it reads through.
  public BlockCache cache() {
    return cache;
  }

  /// A holder for the block of one point read, so that none is made for each.
  public PinnedBlock scratch() {
    return scratch;
  }

  /// What happens about missing blocks.
  public Mode mode() {
    return mode;
  }

  /// Changes what happens about missing blocks from now on.
  public void mode(Mode newMode) {
    mode = newMode;
  }

  /// Whether missing blocks are read at once.
  public boolean isBlocking() {
    return mode == Mode.BLOCKING;
  }

  /// Whether blocks that are read go into the cache.
  public boolean fillsCache() {
    return fillsCache;
  }

  /// Sets whether blocks that are read go into the cache: not for compactions and backups.
  public void fillsCache(boolean fills) {
    fillsCache = fills;
  }

  /// Pins a block for `out` if it is in memory.
  ///
  /// @param isScan whether the reader passes by only once
  public boolean tryPin(BlockSource source, long fileOffset, boolean isScan, PinnedBlock out) {
    if (!held.isEmpty() && pinHeld(source, fileOffset, out)) {
      return true;
    }
    boolean isHit = cache.pin(source.fileNumber(), fileOffset, !isScan && fillsCache, out);
    if (isHit) {
      hits++;
    } else {
      misses++;
    }
    if (hits + misses >= COUNTS_MAX) {
      flushCounts();
    }
    return isHit;
  }

  /// As above, looking first where the file's block number `block` was last seen.
  public boolean tryPin(
      BlockSource source,
      BlockHints hints,
      int block,
      long fileOffset,
      boolean isScan,
      PinnedBlock out) {
    long token = hints.token(block);
    if (token >= 0
        && cache.pinAt(token, source.fileNumber(), fileOffset, !isScan && fillsCache, out)) {
      if (++hits >= COUNTS_MAX) {
        flushCounts();
      }
      return true;
    }
    boolean isPinned = tryPin(source, fileOffset, isScan, out);
    if (isPinned && out.owner() == cache) {
      hints.remember(block, out.token());
    }
    return isPinned;
  }

  /// Pins a block for `out` if it is in the cache, and leaves no trace there: for readers that do
  /// not fill it.
  public boolean peek(
      BlockSource source, BlockHints hints, int block, long fileOffset, PinnedBlock out) {
    long token = hints.token(block);
    boolean isHit =
        (token >= 0 && cache.pinAt(token, source.fileNumber(), fileOffset, false, out))
            || cache.pin(source.fileNumber(), fileOffset, false, out);
    peekBalance += isHit ? 1 : -1;
    return isHit;
  }

  /// How many more blocks `peek` has found than missed, or fewer if negative, since this was last
  /// asked.
  int takePeekBalance() {
    int balance = peekBalance;
    peekBalance = 0;
    return balance;
  }

  /// Says of the last block that `tryPin` did not find that it was not needed after all.
  public void forgetMiss() {
    misses--;
  }

  private boolean pinHeld(BlockSource source, long fileOffset, PinnedBlock out) {
    long fileNumber = source.fileNumber();
    for (int i = held.size() - 1; i >= 0; i--) {
      Held entry = held.get(i);
      if (entry.request.names(fileNumber, fileOffset)) {
        entry.block.share(out);
        return true;
      }
    }
    return false;
  }

  /// Pins a block for `out`, reading it if the mode allows.
  ///
  /// @throws NeedsBlocks in `CACHE_ONLY` mode, if the block is not in memory; it is recorded
  public void pin(
      BlockSource source, long fileOffset, int storedBytes, boolean isScan, PinnedBlock out) {
    if (!tryPin(source, fileOffset, isScan, out)) {
      readIfAllowed(source, fileOffset, storedBytes, isScan, out);
    }
  }

  /// As `read`, or, in `CACHE_ONLY` mode, records the block.
  ///
  /// @throws NeedsBlocks in `CACHE_ONLY` mode
  public void readIfAllowed(
      BlockSource source, long fileOffset, int storedBytes, boolean isScan, PinnedBlock out) {
    readIfAllowed(new BlockRequest(source, fileOffset, storedBytes), isScan, out);
  }

  /// As above.
  public void readIfAllowed(BlockRequest request, boolean isScan, PinnedBlock out) {
    if (mode == Mode.CACHE_ONLY) {
      need(request);
      throw NeedsBlocks.INSTANCE;
    }
    read(request, isScan, out);
  }

  /// Reads a block that `tryPin` did not find and pins it for `out`; `BLOCKING` mode only.
  public void read(
      BlockSource source, long fileOffset, int storedBytes, boolean isScan, PinnedBlock out) {
    read(new BlockRequest(source, fileOffset, storedBytes), isScan, out);
  }

  private void read(BlockRequest request, boolean isScan, PinnedBlock out) {
    NativeBuffer buffer = cache.buffers().take(request.storedBytes());
    try {
      readTimed(request.source(), request.fileOffset(), request.storedBytes(), buffer);
      load(request, buffer, 0, isScan, out);
    } finally {
      cache.buffers().give(buffer);
    }
    request.loaded(out);
  }

  private void load(
      BlockRequest request, NativeBuffer buffer, int at, boolean isScan, PinnedBlock out) {
    if (!fillsCache) {
      cache.loadUncached(request, buffer.segment(), at, out);
      return;
    }
    StageTimes times = cache.times();
    long start = times == null ? 0 : times.start();
    cache.load(request, buffer.segment(), at, isScan, out);
    if (times != null) {
      times.record(Stage.BLOCK_DECODE, start);
    }
  }

  /// Reads, and measures it unless it is for a compaction.
  private void readTimed(BlockSource source, long fileOffset, int bytes, NativeBuffer buffer) {
    StageTimes times = fillsCache ? cache.times() : null;
    long start = times == null ? 0 : times.start();
    readFully(source, fileOffset, bytes, buffer);
    if (times != null) {
      times.record(Stage.BLOCK_READ, start);
    }
  }

  private static void readFully(
      BlockSource source, long fileOffset, int bytes, NativeBuffer buffer) {
    buffer.clear();
    buffer.reserve(bytes);
    ByteBuffer target = buffer.view(0, bytes);
    int found = source.file().read(fileOffset, target);
    if (found < bytes) { // bytes past the end of the file fail the checksum, whatever they are
      buffer.segment().asSlice(found, (long) bytes - found).fill((byte) 0);
    }
  }

  /// Records a block to be fetched.
  public void need(BlockRequest request) {
    for (int i = needs.size() - 1; i >= 0; i--) {
      if (needs.get(i).names(request.source().fileNumber(), request.fileOffset())) {
        return;
      }
    }
    needs.add(request);
  }

  /// How many blocks from a missing one on to `need`, so that a reader that goes on through the
  /// file comes back less often. It may have begun with a seek each time.
  public int blocksAhead(BlockSource source, long fileOffset) {
    return sequential.blocks(source.fileNumber(), fileOffset);
  }

  /// So many blocks were recorded one after the other, as a whole from `start` to `end`.
  public void neededAhead(BlockSource source, long start, long end, int blocks) {
    sequential.needed(source.fileNumber(), start, end, blocks);
  }

  /// Whether blocks are recorded that `fetchNeeded` has not fetched yet.
  public boolean hasNeeds() {
    return !needs.isEmpty();
  }

  /// Reads all recorded blocks, neighbours at once, and pins them until `reset` (R1); but those of
  /// files that are closed by now. Blocks the thread: called by a worker.
  ///
  /// @throws io.atlaskv.engine.api.AtlasException if one cannot be read; the rest is forgotten
  public void fetchNeeded() {
    List<BlockRequest> wanted = new ArrayList<>(needs);
    needs.clear();
    wanted.sort(BY_PLACE);
    int from = 0;
    while (from < wanted.size()) {
      int to = from + 1;
      while (to < wanted.size()
          && belongsTo(wanted.get(from), wanted.get(to - 1), wanted.get(to))) {
        to++;
      }
      try {
        fetchRun(wanted.subList(from, to));
      } catch (ClosedException _) {
        // its table was replaced meanwhile: whoever asks again asks those that are there now
      }
      from = to;
    }
  }

  private static boolean belongsTo(BlockRequest first, BlockRequest last, BlockRequest next) {
    return next.source().fileNumber() == first.source().fileNumber()
        && next.fileOffset() - last.end() <= GAP_BYTES_MAX
        && next.end() - first.fileOffset() <= READ_BYTES_MAX;
  }

  private void fetchRun(List<BlockRequest> run) {
    BlockRequest first = run.getFirst();
    int bytes = (int) (run.getLast().end() - first.fileOffset());
    NativeBuffer buffer = cache.buffers().take(bytes);
    try {
      readTimed(first.source(), first.fileOffset(), bytes, buffer);
      for (BlockRequest request : run) {
        var block = new PinnedBlock();
        load(request, buffer, (int) (request.fileOffset() - first.fileOffset()), false, block);
        held.add(new Held(request, block));
        request.loaded(block);
      }
    } finally {
      cache.buffers().give(buffer);
    }
  }

  /// Ends a command: drops pins and requests. Values found before stay pinned by their `Lookup`.
  public void reset() {
    if (!held.isEmpty()) {
      for (Held entry : held) {
        entry.block.release();
      }
      held.clear();
    }
    needs.clear();
  }

  /// Tells the cache the hits and misses not yet told.
  public void flushCounts() {
    if (hits != 0 || misses != 0) {
      cache.count(hits, misses);
      hits = 0;
      misses = 0;
    }
  }

  /// Drops what `reset` drops, and flushes counts.
  @Override
  public void close() {
    reset();
    flushCounts();
  }
}
