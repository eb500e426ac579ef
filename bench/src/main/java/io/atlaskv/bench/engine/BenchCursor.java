package io.atlaskv.bench.engine;

/// An ordered read of a [BenchStore].
interface BenchCursor extends AutoCloseable {
  void seekToFirst();

  void seek(byte[] key);

  boolean isValid();

  void next();

  /// Copies the entry the cursor stands on; returns the sum of both lengths.
  int read(byte[] key, byte[] value);

  @Override
  void close();
}
