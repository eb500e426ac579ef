package io.atlaskv.engine.internal.cache;

/// One stored block that a read found missing.
///
/// @param fileOffset where the stored bytes start
/// @param storedBytes their length in the file
public record BlockRequest(BlockSource source, long fileOffset, int storedBytes) {
  /// Whether this is that very block.
  boolean names(long fileNumber, long offset) {
    return fileOffset == offset && source.fileNumber() == fileNumber;
  }

  long end() {
    return fileOffset + storedBytes;
  }
}
