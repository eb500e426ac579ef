package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VarintTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment segment = arena.allocate(64);

  @AfterEach
  void free() {
    arena.close();
  }

  private void load(int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      segment.set(Layouts.BYTE, i, (byte) bytes[i]);
    }
  }

  @Test
  void everyBoundaryIsReadBack() {
    for (int bits = 0; bits < Long.SIZE; bits++) {
      for (long delta = -1; delta <= 1; delta++) {
        roundTrip((1L << bits) + delta);
      }
    }
    roundTrip(0);
    roundTrip(-1);
  }

  private void roundTrip(long value) {
    int size = Varint.put(segment, 3, value);
    assertEquals(size, Varint.size(value));
    assertEquals(size, Varint.sizeAt(segment, 3, 3 + size));
    assertEquals(value, Varint.readLong(segment, 3, size));
    assertEquals(0, Varint.sizeAt(segment, 3, 3 + size - 1), "truncated");
    byte[] array = new byte[20];
    assertEquals(size, Varint.put(array, 3, value));
    assertEquals(
        -1, segment.asSlice(3, size).mismatch(MemorySegment.ofArray(array).asSlice(3, size)));
    long read = Varint.readInt(segment, 3, 3 + size);
    assertEquals(read, Varint.readInt(array, 3, 3 + size));
    if (value >= 0 && value <= Integer.MAX_VALUE) {
      assertEquals(value, Varint.value(read));
      assertEquals(size, Varint.sizeOfRead(read));
      assertEquals(Varint.MALFORMED, Varint.readInt(segment, 3, 3 + size - 1), "truncated");
    } else {
      assertEquals(Varint.MALFORMED, read, "value=" + value);
    }
  }

  @Test
  void longerFormsOfAValueAreMalformed() {
    load(0x81, 0x00);
    assertEquals(Varint.MALFORMED, Varint.readInt(segment, 0, 10));
    assertEquals(0, Varint.sizeAt(segment, 0, 10));
    load(0x80, 0x80, 0x00);
    assertEquals(Varint.MALFORMED, Varint.readInt(segment, 0, 10));
    assertEquals(0, Varint.sizeAt(segment, 0, 10));
  }

  @Test
  void whatDoesNotFitIsMalformed() {
    load(0xff, 0xff, 0xff, 0xff, 0x08); // 2^31 + ...
    assertEquals(Varint.MALFORMED, Varint.readInt(segment, 0, 10));
    load(0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    assertEquals(Varint.MALFORMED, Varint.readInt(segment, 0, 10));
    load(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02); // 2^64 + ...
    assertEquals(0, Varint.sizeAt(segment, 0, 20));
    load(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    assertEquals(0, Varint.sizeAt(segment, 0, 20));
  }

  @Test
  void randomBytesAreReadAsByTheDefinition() {
    var random = new Random(SEED);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[random.nextInt(13)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) (random.nextInt(4) == 0 ? random.nextInt(128) : random.nextInt(256) | 0x80);
      }
      MemorySegment.copy(bytes, 0, segment, Layouts.BYTE, 0, bytes.length);
      BigInteger expected = decode(bytes);
      String why = "seed=" + SEED + " bytes=" + Arrays.toString(bytes);
      int size = Varint.sizeAt(segment, 0, bytes.length);
      long read = Varint.readInt(segment, 0, bytes.length);
      assertEquals(read, Varint.readInt(bytes, 0, bytes.length), why);
      if (expected.signum() < 0 || expected.bitLength() > Long.SIZE) {
        assertEquals(0, size, why);
        assertEquals(Varint.MALFORMED, read, why);
      } else {
        assertNotEquals(0, size, why);
        assertEquals(expected.longValue(), Varint.readLong(segment, 0, size), why);
        boolean isInt = expected.bitLength() < Integer.SIZE;
        assertEquals(isInt ? expected.longValue() : -1, isInt ? Varint.value(read) : read, why);
      }
    }
  }

  /// The value at the start, or -1 if it is cut off or not in its shortest form.
  private static BigInteger decode(byte[] bytes) {
    BigInteger value = BigInteger.ZERO;
    for (int i = 0; i < bytes.length; i++) {
      value = value.or(BigInteger.valueOf(bytes[i] & 0x7f).shiftLeft(7 * i));
      if (bytes[i] >= 0) {
        return bytes[i] == 0 && i > 0 ? BigInteger.ONE.negate() : value;
      }
    }
    return BigInteger.ONE.negate();
  }

  @Test
  void zigzagKeepsSmallNumbersSmall() {
    long[] values = {0, -1, 1, -2, 2};
    for (int i = 0; i < values.length; i++) {
      assertEquals(i, Varint.zigzag(values[i]));
    }
    for (long value : new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 123_456_789_012L}) {
      assertEquals(value, Varint.unzigzag(Varint.zigzag(value)));
    }
  }
}
