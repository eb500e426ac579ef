package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;

/// File of the operating system, written front to back.
final class SystemAppendFile implements AppendFile {
  private final SystemFile file;
  private long size;

  /// @param size bytes that it has
  SystemAppendFile(SystemFile file, long size) {
    this.file = file;
    this.size = size;
  }

  @Override
  public void append(ByteBuffer source) {
    int count = source.remaining();
    file.write(size, source);
    size += count;
  }

  @Override
  public void sync() {
    file.sync();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void close() {
    file.close();
  }
}
