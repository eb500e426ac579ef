package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;

/// New file of the operating system, written front to back.
final class SystemAppendFile implements AppendFile {
  private final SystemFile file;
  private long size;

  SystemAppendFile(SystemFile file) {
    this.file = file;
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
