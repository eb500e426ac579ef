package io.atlaskv.bench.memtable;

import java.lang.foreign.MemorySegment;

/// A memtable under test. Candidates that were rejected keep one version of a key only and check
/// little: they are measured at their best.
interface Candidate extends AutoCloseable {
  /// Key and value lie next to each other in `batch`.
  void put(long sequence, MemorySegment batch, long keyOffset, int keyLength, int valueLength);

  /// First byte of the value; −1 if the key is unknown.
  int get(byte[] key);

  /// Reads the first `count` entries at or after a key: how many there are.
  int seek(byte[] key, int count);

  /// Makes reading in order possible, if that takes more than putting.
  default void order() {}

  /// Native and large heap memory in use.
  long bytes();

  @Override
  void close();
}
