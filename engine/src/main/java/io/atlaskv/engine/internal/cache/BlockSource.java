package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.internal.io.ReadFile;
import java.lang.foreign.MemorySegment;

/// A file whose blocks can be cached: where stored bytes come from and how they become a block.
public interface BlockSource {
  /// Number of the file, never used again for another.
  long fileNumber();

  /// The open file.
  ReadFile file();

  /// Checks the checksum of a stored block and tells the size of the block in it.
  ///
  /// @param stored memory that holds the stored bytes
  /// @param at where they start in `stored`
  /// @param storedBytes their length
  /// @param fileOffset where they start in the file
  /// @throws io.atlaskv.engine.api.CorruptionException if they are not what was written there
  int verify(MemorySegment stored, long at, int storedBytes, long fileOffset);

  /// Decodes a verified block to `target` from `targetOffset` on, where `blockBytes` bytes, the
  /// answer of `verify`, belong to it.
  void decode(
      MemorySegment stored,
      long at,
      int storedBytes,
      long fileOffset,
      MemorySegment target,
      long targetOffset,
      int blockBytes);
}
