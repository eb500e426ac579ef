package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.io.ReadFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// A file whose every byte follows from file number and position: blocks of it can be checked
/// wherever they turn up.
final class MadeBlocks implements BlockSource, ReadFile {
  private final long fileNumber;
  private int reads;
  private boolean isClosed;

  MadeBlocks(long fileNumber) {
    this.fileNumber = fileNumber;
  }

  int reads() {
    return reads;
  }

  private byte byteAt(long position) {
    return (byte) ((position * 31 + fileNumber * 17) >>> 3);
  }

  /// Asserts that a pinned block is the one at `fileOffset`.
  void check(PinnedBlock block, long fileOffset, int bytes) {
    assertEquals(bytes, block.length());
    for (int i = 0; i < bytes; i += 61) {
      byte found = block.segment().get(ValueLayout.JAVA_BYTE, block.base() + i);
      assertEquals(byteAt(fileOffset + i), found, "file " + fileNumber + " offset " + fileOffset);
    }
  }

  BlockRequest request(long fileOffset, int bytes) {
    return new BlockRequest(this, fileOffset, bytes);
  }

  @Override
  public long fileNumber() {
    return fileNumber;
  }

  @Override
  public ReadFile file() {
    return this;
  }

  @Override
  public int verify(MemorySegment stored, long at, int storedBytes, long fileOffset) {
    return storedBytes;
  }

  @Override
  public void decode(
      MemorySegment stored,
      long at,
      int storedBytes,
      long fileOffset,
      MemorySegment target,
      long targetOffset,
      int blockBytes) {
    MemorySegment.copy(stored, at, target, targetOffset, blockBytes);
  }

  @Override
  public int read(long position, ByteBuffer target) {
    if (isClosed) {
      throw new ClosedException("file " + fileNumber);
    }
    reads++;
    int bytes = target.remaining();
    for (int i = 0; i < bytes; i++) {
      target.put(byteAt(position + i));
    }
    return bytes;
  }

  @Override
  public long size() {
    return Long.MAX_VALUE;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
