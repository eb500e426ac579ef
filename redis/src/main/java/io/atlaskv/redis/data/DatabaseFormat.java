package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// Record in namespace 0 that says where a numbered database lives.
///
/// ```
/// key                            value
/// offset  size  field            offset  size  field
///      0     4  0                     0     1  version (1)
///      4     1  'D'                   1     4  namespace (little-endian)
///      5     4  number (big-endian)
/// ```
final class DatabaseFormat {
  static final byte VERSION = 1;
  static final int KEY_BYTES = 9;
  static final int VALUE_BYTES = 5;

  private static final byte DATABASE = 'D';
  private static final int NAMESPACE_OFFSET = 1;

  private DatabaseFormat() {}

  static byte[] key(int number) {
    return ByteBuffer.allocate(KEY_BYTES).putInt(0).put(DATABASE).putInt(number).array();
  }

  static void write(MemorySegment target, long at, int namespace) {
    target.set(Layouts.BYTE, at, VERSION);
    target.set(Layouts.LE_INT, at + NAMESPACE_OFFSET, namespace);
  }

  static int namespace(MemorySegment source, long at, int length) {
    if (length != VALUE_BYTES || source.get(Layouts.BYTE, at) != VERSION) {
      throw new MetadataException("record of a database has an unknown version or is cut short");
    }
    return source.get(Layouts.LE_INT, at + NAMESPACE_OFFSET);
  }
}
