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
///      3     1  flags (1 = in fragments)
///      4     8  expiry in ms since 1970, 0 = never (little-endian)
///     12     n  string: its bytes, or where its fragments are [FragmentFormat]
/// ```
public final class MetadataFormat {
  /// The only version so far.
  public static final byte VERSION = 1;

  static final int TYPE_OFFSET = 1;
  static final int EXPIRY_OFFSET = 4;

  /// Where the inline value starts.
  public static final int BYTES = EXPIRY_OFFSET + Long.BYTES;

  public static final byte TYPE_STRING = 0;

  public static final byte ENCODING_RAW = 0;
  public static final byte ENCODING_INT = 1;
  public static final byte ENCODING_EMBSTR = 2;

  private static final int FLAG_FRAGMENTS = 1;

  private MetadataFormat() {}

  /// The first four bytes of a row with the whole value behind them.
  static int head(byte type, byte encoding) {
    return VERSION | (type & 0xff) << 8 | (encoding & 0xff) << 16;
  }

  /// The first four bytes of a row of a string in fragments.
  static int headOfFragments() {
    return head(TYPE_STRING, ENCODING_RAW) | FLAG_FRAGMENTS << 24;
  }

  static void write(MemorySegment target, long at, int head, long expiresAt) {
    target.set(Layouts.LE_INT, at, head);
    target.set(Layouts.LE_LONG, at + EXPIRY_OFFSET, expiresAt);
  }

  static int head(MemorySegment source, long at) {
    return source.get(Layouts.LE_INT, at);
  }

  static byte version(int head) {
    return (byte) head;
  }

  static byte type(int head) {
    return (byte) (head >>> 8);
  }

  static byte encoding(int head) {
    return (byte) (head >>> 16);
  }

  static boolean isInFragments(int head) {
    return (head >>> 24 & FLAG_FRAGMENTS) != 0;
  }

  static byte type(MemorySegment source, long at) {
    return source.get(Layouts.BYTE, at + TYPE_OFFSET);
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

  /// Redis' name of an encoding.
  static String encodingName(byte encoding) {
    return switch (encoding) {
      case ENCODING_RAW -> "raw";
      case ENCODING_INT -> "int";
      case ENCODING_EMBSTR -> "embstr";
      default -> throw new MetadataException("encoding " + encoding + " is unknown");
    };
  }
}
