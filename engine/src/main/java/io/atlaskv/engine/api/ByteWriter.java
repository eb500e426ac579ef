package io.atlaskv.engine.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A growing buffer that codecs write to; reused from value to value. Integers are big-endian. Not
/// thread-safe.
public final class ByteWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int INITIAL_BYTES = 64;
  private static final int UTF8_BYTES_PER_CHAR_MAX = 3;

  private byte[] array = new byte[INITIAL_BYTES];
  private int length;

  /// An empty buffer.
  public ByteWriter() {}

  /// Bytes written so far.
  public int length() {
    return length;
  }

  /// Appends the low 8 bits.
  public ByteWriter putByte(int value) {
    int at = reserve(Byte.BYTES);
    array[at] = (byte) value;
    return this;
  }

  /// Appends 2 bytes, the low 16 bits.
  public ByteWriter putShort(int value) {
    return putByte(value >> Byte.SIZE).putByte(value);
  }

  /// Appends 4 bytes.
  public ByteWriter putInt(int value) {
    int at = reserve(Integer.BYTES);
    INT.set(array, at, value);
    return this;
  }

  /// Appends 8 bytes.
  public ByteWriter putLong(long value) {
    int at = reserve(Long.BYTES);
    LONG.set(array, at, value);
    return this;
  }

  /// Appends 8 bytes: the number in IEEE 754.
  public ByteWriter putDouble(double value) {
    return putLong(Double.doubleToRawLongBits(value));
  }

  /// Appends 1 to 5 bytes: 7 bits in each, low ones first, the highest bit set in all but the last.
  public ByteWriter putVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      putByte(rest | 0x80);
      rest >>>= 7;
    }
    return putByte(rest);
  }

  /// Appends all of `source`.
  public ByteWriter putBytes(byte[] source) {
    return putBytes(source, 0, source.length);
  }

  /// Appends a part of `source`.
  public ByteWriter putBytes(byte[] source, int offset, int count) {
    int at = reserve(count);
    System.arraycopy(source, offset, array, at, count);
    return this;
  }

  /// Appends all of `source`.
  public ByteWriter putBytes(Bytes source) {
    int at = reserve(source.length());
    source.copyTo(array, at);
    return this;
  }

  /// Appends the text in UTF-8, without its length.
  ///
  /// @throws IllegalArgumentException if half of a surrogate pair stands alone: it has no UTF-8
  ///   form
  public ByteWriter putUtf8(String text) {
    int chars = text.length();
    int at = length;
    reserve(Math.multiplyExact(chars, UTF8_BYTES_PER_CHAR_MAX));
    byte[] target = array;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        target[at++] = (byte) c;
      } else if (c < 0x800) {
        target[at++] = (byte) (0xc0 | (c >> 6));
        target[at++] = continuation(c);
      } else if (!Character.isSurrogate(c)) {
        target[at++] = (byte) (0xe0 | (c >> 12));
        target[at++] = continuation(c >> 6);
        target[at++] = continuation(c);
      } else {
        int point = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(point) || Character.isLowSurrogate(c)) {
          throw new IllegalArgumentException("half of a surrogate pair at index " + i);
        }
        target[at++] = (byte) (0xf0 | (point >> 18));
        target[at++] = continuation(point >> 12);
        target[at++] = continuation(point >> 6);
        target[at++] = continuation(point);
        i++;
      }
    }
    length = at;
    return this;
  }

  /// Appends the text in UTF-8 behind its length as a varint: [ByteReader#takeText] finds its end.
  public ByteWriter putText(String text) {
    int start = length;
    putUtf8(text);
    int bytes = length - start;
    length = start;
    int prefix = varintBytes(bytes);
    reserve(prefix + bytes);
    System.arraycopy(array, start, array, start + prefix, bytes);
    length = start;
    putVarint(bytes);
    length += bytes;
    return this;
  }

  /// Forgets what was written, keeps the memory.
  public void clear() {
    length = 0;
  }

  /// A copy of what was written.
  public byte[] toArray() {
    return Arrays.copyOf(array, length);
  }

  /// The memory itself, whose first `length()` bytes were written; replaced when it grows.
  byte[] array() {
    return array;
  }

  /// Makes room for so many bytes, which count as written; returns where they start.
  int reserve(int count) {
    int start = length;
    int end = Math.addExact(start, count);
    if (end > array.length) {
      array = Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8L, end * 2L));
    }
    length = end;
    return start;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  private static int varintBytes(int value) {
    return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
  }
}
