package io.atlaskv.bench.engine;

import java.nio.file.Path;

/// How a store is opened; the same for all engines.
///
/// @param memtableBytes size of the write buffer
/// @param cacheBytes size of the block cache
record StoreSettings(Path directory, long memtableBytes, long cacheBytes) {
  private static final long MIB = 1 << 20;

  /// For measured runs.
  static StoreSettings standard(Path directory) {
    return new StoreSettings(directory, 64 * MIB, 256 * MIB);
  }

  /// For warming up: flushes and merges happen with little data too.
  static StoreSettings small(Path directory) {
    return new StoreSettings(directory, 4 * MIB, 64 * MIB);
  }

  /// For the open after a kill: all entries stay in the write buffer.
  static StoreSettings unflushed(Path directory) {
    return new StoreSettings(directory, 512 * MIB, 64 * MIB);
  }
}
