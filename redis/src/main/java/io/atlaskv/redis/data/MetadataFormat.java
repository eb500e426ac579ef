package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Value of a metadata row, version 1.
///
/// ```
/// offset  size  field
///      0     1  version (1)
///      1     1  type (0 string)
///      2     1  reported encoding (0 raw, 1 int, 2 embstr)
///      3     1  flags (0)
///      4     8  expiry in ms since 1970, 0 = never (little-endian)
///     12     n  string: its bytes
/// ```
public final class MetadataFormat {
  /// The only version so far.
  public static final byte VERSION = 1;

  static final int VERSION_OFFSET = 0;
  static final int TYPE_OFFSET = 1;
  static final int ENCODING_OFFSET = 2;
  static final int FLAGS_OFFSET = 3;
  static final int EXPIRY_OFFSET = 4;

  /// Where the inline value starts.
  public static final int BYTES = EXPIRY_OFFSET + Long.BYTES;

  public static final byte TYPE_STRING = 0;

  public static final byte ENCODING_RAW = 0;
  public static final byte ENCODING_INT = 1;
  public static final byte ENCODING_EMBSTR = 2;

  private MetadataFormat() {}

  static void write(MemorySegment target, long at, byte type, byte encoding, long expiresAt) {
    int head = VERSION | (type & 0xff) << 8 | (encoding & 0xff) << 16; // flags are 0
    target.set(Layouts.LE_INT, at, head);
    target.set(Layouts.LE_LONG, at + EXPIRY_OFFSET, expiresAt);
  }

  static byte version(MemorySegment source, long at) {
    return source.get(Layouts.BYTE, at + VERSION_OFFSET);
  }

  static byte type(MemorySegment source, long at) {
    return source.get(Layouts.BYTE, at + TYPE_OFFSET);
  }

  static byte encoding(MemorySegment source, long at) {
    return source.get(Layouts.BYTE, at + ENCODING_OFFSET);
  }

  static long expiresAt(MemorySegment source, long at) {
    return source.get(Layouts.LE_LONG, at + EXPIRY_OFFSET);
  }

  /// Redis' name of a type.
  public static String typeName(byte type) {
    return switch (type) {
      case TYPE_STRING -> "string";
      default -> throw new IllegalArgumentException("type=" + type);
    };
  }
}
