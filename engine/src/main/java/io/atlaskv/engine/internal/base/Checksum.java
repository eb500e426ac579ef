package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC32C, and the seed that ties it to a place.
///
/// Whatever lies at a fixed place of a file stores `crc32c(bytes) ^ seed(fileNumber, offset)`: a
/// block that is intact but stale or misplaced never verifies.
public final class Checksum {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Checksum() {}

  /// CRC32C of `length` bytes at `offset`. Moves position and limit of `bytes`, so a thread must
  /// own it.
  public static int crc32c(ByteBuffer bytes, int offset, int length) {
    bytes.limit(offset + length).position(offset);
    var crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /// CRC32C of a slice of native memory.
  public static int crc32c(MemorySegment bytes, long offset, long length) {
    var crc = new CRC32C();
    crc.update(bytes.asSlice(offset, length).asByteBuffer());
    return (int) crc.getValue();
  }

  /// CRC32C of a slice of a heap array.
  public static int crc32c(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /// What a checksum at `offset` of file `fileNumber` is xored with.
  public static int seed(long fileNumber, long offset) {
    long mixed = mix(fileNumber * GOLDEN + offset + 1);
    return (int) (mixed ^ (mixed >>> Integer.SIZE));
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
