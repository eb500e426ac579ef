package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;

/// Open file for reading at any place, by many threads at a time.
public interface ReadFile extends AutoCloseable {
  /// Reads from `position` on until `target` is full or the file ends; returns the bytes read.
  int read(long position, ByteBuffer target);

  /// Size of the file in bytes.
  long size();

  /// Closes; closing again does nothing.
  @Override
  void close();
}
