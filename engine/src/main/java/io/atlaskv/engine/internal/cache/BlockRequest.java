package io.atlaskv.engine.internal.cache;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One stored block that a read found missing.
///
/// @param fileOffset where the stored bytes start
/// @param storedBytes their length in the file
/// @param onLoaded is shown the block by the thread that reads it; null if nobody wants to see it
public record BlockRequest(
    BlockSource source,
    long fileOffset,
    int storedBytes,
    @Nullable Consumer<PinnedBlock> onLoaded) {

  /// For who wants no more than to find it.
  public BlockRequest(BlockSource source, long fileOffset, int storedBytes) {
    this(source, fileOffset, storedBytes, null);
  }

  /// Whether this is that very block.
  boolean names(long fileNumber, long offset) {
    return fileOffset == offset && source.fileNumber() == fileNumber;
  }

  /// Shows the block to whom it may concern.
  void loaded(PinnedBlock block) {
    if (onLoaded != null) {
      onLoaded.accept(block);
    }
  }

  long end() {
    return fileOffset + storedBytes;
  }
}
