package io.atlaskv.engine.api;

/// A part of the work of reads and writes whose time is measured; see [Db#timings].
public enum Stage {
  /// A writer waited because others were committing. Only those that waited are counted.
  QUEUE,
  /// Batches were handed to the operating system, those of several writers in one go. One write in
  /// eight is measured.
  LOG_WRITE,
  /// The log was synced.
  LOG_SYNC,
  /// A batch was put into the memtable. One batch in about 64 is measured.
  MEMTABLE,
  /// The filter, or the point index, of a table was asked for a key. Measured for one key in 1,024.
  FILTER,
  /// A block was searched for a key. Measured for the same keys.
  BLOCK_SEARCH,
  /// Blocks that the cache did not have were read from a file, neighbours in one go.
  BLOCK_READ,
  /// A block that was read was verified and decompressed.
  BLOCK_DECODE
}
