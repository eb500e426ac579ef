package io.atlaskv.engine.internal.base;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads tagged fields, to which later releases may add, and the numbers and keys in them.
///
/// ```
/// field = tag varint, length varint, content
/// tag   = number << 1 | ignorable
/// ```
///
/// A reader skips unknown fields whose ignorable bit is set and refuses the whole for others. Only
/// the bytes up to the limit are looked at: what does not fit into them is corruption.
public final class FieldReader {
  /// Bit of a tag: who does not know the field may skip it.
  public static final int IGNORABLE = 1;

  /// Takes fields that it knows.
  @FunctionalInterface
  public interface Fields {
    /// Takes one field; false if it does not know the number.
    ///
    /// @throws IllegalArgumentException if the content makes no sense
    /// @throws ArithmeticException if a number is out of the range of what it stands for
    boolean take(int number, FieldReader content);
  }

  private final String name;
  private final MemorySegment source;
  private final long limit;
  private long at;

  /// @param name of the whole, for errors
  public FieldReader(String name, MemorySegment source, long start, long limit) {
    this.name = name;
    this.source = source;
    this.at = start;
    this.limit = limit;
  }

  /// Name of the whole.
  public String name() {
    return name;
  }

  public boolean isAtEnd() {
    return at == limit;
  }

  /// Reads all fields from here to the end.
  ///
  /// @param what the thing that has them, for errors
  /// @throws CorruptionException if the bytes are no fields, or one makes no sense
  /// @throws UnsupportedFormatException if a field is unknown and must not be ignored
  public void readAll(String what, Fields fields) {
    while (!isAtEnd()) {
      long start = at;
      long tag = number();
      long length = lengthOf("field");
      var content = new FieldReader(name, source, at, at + length);
      at += length;
      long number = tag >>> 1;
      try {
        boolean isKnown = number <= Integer.MAX_VALUE && fields.take((int) number, content);
        if (!isKnown && (tag & IGNORABLE) == 0) {
          throw new UnsupportedFormatException(
              name, what + " has field " + number + ", unknown to this release");
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new CorruptionException(name, start, "invalid field: " + e.getMessage(), e);
      }
    }
  }

  /// The next number, which is not negative.
  public long number() {
    long value = anyNumber();
    if (value < 0) {
      throw corruption("number out of range: " + Long.toUnsignedString(value));
    }
    return value;
  }

  /// The next number of 64 bits.
  public long anyNumber() {
    int size = Varint.sizeAt(source, at, limit);
    if (size == 0) {
      throw corruption("malformed number");
    }
    long value = Varint.readLong(source, at, size);
    at += size;
    return value;
  }

  /// All numbers from here to the end.
  public long[] numbers() {
    long[] numbers = new long[(int) (limit - at)];
    int count = 0;
    while (!isAtEnd()) {
      numbers[count++] = number();
    }
    return Arrays.copyOf(numbers, count);
  }

  /// The next key: its length, and its bytes.
  public Bytes key() {
    byte[] key = new byte[(int) lengthOf("key")];
    MemorySegment.copy(source, Layouts.BYTE, at, key, 0, key.length);
    at += key.length;
    return Bytes.of(key);
  }

  private long lengthOf(String what) {
    long length = number();
    if (length > limit - at) {
      throw corruption(what + " of " + length + " bytes in " + (limit - at));
    }
    return length;
  }

  /// What is thrown if the last part that was read makes no sense.
  public CorruptionException corruption(String detail) {
    return new CorruptionException(name, at, detail);
  }
}
