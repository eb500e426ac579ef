package io.atlaskv.engine.api;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Bytes that a codec reads from front to back, where they lie: in the store's own memory or in an
/// array. Good only until the codec returns. Integers are big-endian. Not thread-safe.
///
/// What asks for more bytes than there are throws [IllegalArgumentException]: the bytes were not
/// written by this codec.
public final class ByteReader {
  private static final VarHandle ARRAY_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle ARRAY_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int VARINT_BITS_MAX = 28;

  private final byte @Nullable [] array; // null: the bytes are in the segment
  private final MemorySegment segment;
  private final long start;
  private final int length;
  private int position;

  private ByteReader(byte @Nullable [] array, MemorySegment segment, long start, int length) {
    this.array = array;
    this.segment = segment;
    this.start = start;
    this.length = length;
  }

  /// Reads all of `source`, which is not copied.
  public static ByteReader of(byte[] source) {
    return of(source, 0, source.length);
  }

  /// Reads `length` bytes of `source` from `offset` on; they are not copied.
  public static ByteReader of(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    return new ByteReader(source, MemorySegment.NULL, offset, length);
  }

  /// Reads `length` bytes of `source` from `offset` on; they are not copied.
  public static ByteReader of(MemorySegment source, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.byteSize());
    return new ByteReader(null, source, offset, length);
  }

  /// Bytes left.
  public int remaining() {
    return length - position;
  }

  /// The next byte, 0 to 255.
  public int takeByte() {
    long at = take(Byte.BYTES);
    byte value = array != null ? array[(int) at] : segment.get(ValueLayout.JAVA_BYTE, at);
    return value & 0xff;
  }

  /// The next 2 bytes, 0 to 65,535.
  public int takeShort() {
    return takeByte() << Byte.SIZE | takeByte();
  }

  /// The next 4 bytes.
  public int takeInt() {
    long at = take(Integer.BYTES);
    return array != null ? (int) ARRAY_INT.get(array, (int) at) : segment.get(INT, at);
  }

  /// The next 8 bytes.
  public long takeLong() {
    long at = take(Long.BYTES);
    return array != null ? (long) ARRAY_LONG.get(array, (int) at) : segment.get(LONG, at);
  }

  /// The next 8 bytes as a number in IEEE 754.
  public double takeDouble() {
    return Double.longBitsToDouble(takeLong());
  }

  /// What [ByteWriter#putVarint] wrote.
  public int takeVarint() {
    int value = 0;
    for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
      int part = takeByte();
      value |= (part & 0x7f) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint of more than 5 bytes");
  }

  /// A copy of the next `count` bytes.
  public byte[] takeBytes(int count) {
    long at = take(count);
    if (array != null) {
      return Arrays.copyOfRange(array, (int) at, (int) at + count);
    }
    byte[] copy = new byte[count];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, copy, 0, count);
    return copy;
  }

  /// The next `count` bytes as text.
  ///
  /// @throws IllegalArgumentException if they are not UTF-8
  public String takeUtf8(int count) {
    byte[] bytes;
    int at;
    if (array != null) {
      at = (int) take(count);
      bytes = array;
    } else {
      at = 0;
      bytes = takeBytes(count);
    }
    var text = new String(bytes, at, count, StandardCharsets.UTF_8);
    if (text.indexOf('\ufffd') >= 0) { // stands for what is malformed, or for itself
      byte[] again = text.getBytes(StandardCharsets.UTF_8);
      if (!Arrays.equals(again, 0, again.length, bytes, at, at + count)) {
        throw new IllegalArgumentException(count + " bytes are not UTF-8");
      }
    }
    return text;
  }

  /// What [ByteWriter#putText] wrote.
  public String takeText() {
    return takeUtf8(takeVarint());
  }

  /// The next `count` bytes, read-only and in native memory: not copied if they lie there, as
  /// values do and keys do not. Good only until the codec returns.
  public MemorySegment takeSegment(int count) {
    if (array == null) {
      return segment.asSlice(take(count), count).asReadOnly();
    }
    int at = (int) take(count);
    MemorySegment copy = Arena.ofAuto().allocate(count);
    MemorySegment.copy(array, at, copy, ValueLayout.JAVA_BYTE, 0, count);
    return copy.asReadOnly();
  }

  /// A copy of the remaining bytes, which stay to be read.
  byte[] rest() {
    int before = position;
    byte[] copy = takeBytes(remaining());
    position = before;
    return copy;
  }

  void skip(int count) {
    take(count);
  }

  private long take(int count) {
    if (count < 0 || count > length - position) {
      throw new IllegalArgumentException(
          "expected " + count + " more bytes, found " + (length - position));
    }
    long at = start + position;
    position += count;
    return at;
  }
}
