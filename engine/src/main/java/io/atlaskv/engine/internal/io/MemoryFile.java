package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A file in memory. Takes memory for what was written, not for zeroes before or behind it.
final class MemoryFile implements PositionedFile, AppendFile {
  private static final int BYTES_MIN = 1 << 10;

  private byte[] content = new byte[0];
  private long size;

  @Override
  public synchronized int read(long position, ByteBuffer target) {
    int count = (int) Math.min(target.remaining(), Math.max(0, size - position));
    for (int i = 0; i < count; i++) {
      long at = position + i;
      target.put(at < content.length ? content[(int) at] : 0);
    }
    return count;
  }

  @Override
  public synchronized void write(long position, ByteBuffer source) {
    int count = source.remaining();
    int end = Math.toIntExact(position + count);
    if (end > content.length) {
      content = Arrays.copyOf(content, Math.max(end, Math.max(BYTES_MIN, 2 * content.length)));
    }
    source.get(content, (int) position, count);
    size = Math.max(size, end);
  }

  @Override
  public synchronized void append(ByteBuffer source) {
    write(size, source);
  }

  @Override
  public synchronized void preallocate(long bytes) {
    size = Math.max(size, bytes);
  }

  @Override
  public synchronized void zero(long from, long to) {
    if (from < content.length) {
      Arrays.fill(content, (int) from, (int) Math.min(to, content.length), (byte) 0);
    }
    size = Math.max(size, to);
  }

  @Override
  public void warm(long from, long to) {}

  @Override
  public void tidy() {}

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public void sync() {
    // memory is as safe as it gets
  }

  @Override
  public void expectSmallWrites() {
    // all writes are cheap
  }

  @Override
  public void close() {
    // the content stays, for who opens it again
  }
}
