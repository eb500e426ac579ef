package io.atlaskv.engine.internal.cache;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Where the blocks of a table go while it is written, besides its file: into the cache, if its
/// readers would ask for them at once. Reading them back costs more than to keep them.
///
/// One writer at a time.
public final class FreshBlocks {
  /// Keeps none.
  public static final FreshBlocks UNCACHED = new FreshBlocks(null, null);

  private final @Nullable BlockCache cache;
  private final @Nullable ReadContext inputs;
  private boolean areInputsCached;

  private FreshBlocks(@Nullable BlockCache cache, @Nullable ReadContext inputs) {
    this.cache = cache;
    this.inputs = inputs;
  }

  /// Keeps all for which there is room without evicting blocks that are in use.
  public static FreshBlocks cached(BlockCache cache) {
    return new FreshBlocks(cache, null);
  }

  /// Keeps those that are made of blocks most of which are in the cache: what is read of the inputs
  /// will be read of the output.
  ///
  /// @param inputs through which the inputs are read by `peek`
  public static FreshBlocks like(ReadContext inputs) {
    return new FreshBlocks(inputs.cache(), inputs);
  }

  /// Offers a block that has been written.
  ///
  /// @param fileOffset where it is in the file
  /// @param memory holds it, decoded, from `at` on
  public void add(long fileNumber, long fileOffset, MemorySegment memory, long at, int length) {
    BlockCache target = cache;
    if (target == null) {
      return;
    }
    ReadContext source = inputs;
    if (source == null) {
      target.insert(fileNumber, fileOffset, memory, at, length, true);
      return;
    }
    int balance = source.takePeekBalance();
    if (balance != 0) { // else goes on as before
      areInputsCached = balance > 0;
    }
    if (areInputsCached) {
      target.insert(fileNumber, fileOffset, memory, at, length, false);
    }
  }

  /// Takes back the blocks of a file that is given up.
  public void drop(long fileNumber) {
    BlockCache target = cache;
    if (target != null) {
      target.evictFile(fileNumber);
    }
  }
}
