package io.atlaskv.bench.engine;

import java.util.List;

/// An embedded store as the benchmark sees it. Plain writes survive kill -9, but not a power cut.
///
/// A new engine needs an implementation and a line in [Engine].
interface BenchStore extends AutoCloseable {
  void put(byte[] key, byte[] value);

  /// Returns when the write would survive a power cut.
  void putSynced(byte[] key, byte[] value);

  /// All or none of them.
  void putBatch(List<byte[]> keys, List<byte[]> values);

  void delete(byte[] key);

  /// Copies the value; returns its length, or -1.
  int get(byte[] key, byte[] value);

  BenchCursor cursor();

  /// Writes everything in memory to tables, or whatever the engine has for that.
  void flush();

  @Override
  void close();
}
