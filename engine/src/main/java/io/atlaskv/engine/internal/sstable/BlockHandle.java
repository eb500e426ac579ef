package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Where a stored block lies in its file.
///
/// ```
/// offset  size  field
///      0     8  offset in the file
///      8     4  stored bytes, trailer included; 0 = there is no such block
/// ```
record BlockHandle(long offset, int storedBytes) {
  static final int BYTES = 12;
  static final BlockHandle NONE = new BlockHandle(0, 0);

  private static final int LENGTH_OFFSET = 8;

  boolean exists() {
    return storedBytes != 0;
  }

  long end() {
    return offset + storedBytes;
  }

  void encode(MemorySegment target, long at) {
    target.set(Layouts.LE_LONG, at, offset);
    target.set(Layouts.LE_INT, at + LENGTH_OFFSET, storedBytes);
  }

  static BlockHandle decode(MemorySegment source, long at) {
    return new BlockHandle(
        source.get(Layouts.LE_LONG, at), source.get(Layouts.LE_INT, at + LENGTH_OFFSET));
  }
}
