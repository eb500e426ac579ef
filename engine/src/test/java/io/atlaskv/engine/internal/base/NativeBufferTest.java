package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NativeBufferTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private static byte[] content(NativeBuffer buffer) {
    byte[] bytes = new byte[buffer.length()];
    buffer.view().get(bytes);
    assertArrayEquals(bytes, buffer.segment().asSlice(0, bytes.length).toArray(Layouts.BYTE));
    return bytes;
  }

  @Test
  void appendsMatchAByteArray() {
    var random = new Random(SEED);
    var model = new ByteArrayOutputStream();
    MemorySegment source = Arena.ofAuto().allocate(500);
    byte[] bytes = new byte[500];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, source, Layouts.BYTE, 0, bytes.length);
    ByteBuffer number = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    try (var buffer = new NativeBuffer(0, 1 << 20)) {
      for (int step = 0; step < 2_000; step++) {
        long value = random.nextLong() >>> random.nextInt(64);
        int offset = random.nextInt(400);
        int count = random.nextInt(100);
        switch (random.nextInt(7)) {
          case 0 -> {
            buffer.putByte((byte) value);
            model.write((byte) value);
          }
          case 1 -> {
            buffer.putShort((short) value);
            model.write(number.clear().putShort((short) value).array(), 0, Short.BYTES);
          }
          case 2 -> {
            buffer.putInt((int) value);
            model.write(number.clear().putInt((int) value).array(), 0, Integer.BYTES);
          }
          case 3 -> {
            buffer.putLong(value);
            model.write(number.clear().putLong(value).array(), 0, Long.BYTES);
          }
          case 4 -> {
            buffer.putVarint(value);
            byte[] encoded = new byte[Varint.LONG_BYTES_MAX];
            model.write(encoded, 0, Varint.put(encoded, 0, value));
          }
          case 5 -> {
            buffer.put(bytes, offset, count);
            model.write(bytes, offset, count);
          }
          default -> {
            buffer.put(source, offset, count);
            model.write(bytes, offset, count);
          }
        }
        assertTrue(buffer.capacity() >= buffer.length());
      }
      assertArrayEquals(model.toByteArray(), content(buffer), "seed=" + SEED);
    }
  }

  @Test
  void reservedAndPatchedBytesAreContent() {
    try (var buffer = new NativeBuffer(16, 1024)) {
      buffer.putByte((byte) 1);
      assertEquals(1, buffer.reserve(13));
      buffer.patchInt(1, 0x04030201);
      buffer.patchLong(5, 0x0807060504030201L);
      buffer.patchByte(13, (byte) 9);
      assertArrayEquals(new byte[] {1, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9}, content(buffer));
      buffer.truncate(3);
      assertArrayEquals(new byte[] {1, 1, 2}, content(buffer));
      assertThrows(IllegalArgumentException.class, () -> buffer.truncate(4));
    }
  }

  @Test
  void theLimitHoldsAndNothingIsLostByHittingIt() {
    try (var buffer = new NativeBuffer(4, 10)) {
      buffer.putLong(-1);
      var failure = assertThrows(IllegalStateException.class, () -> buffer.putInt(0));
      assertTrue(failure.getMessage().contains("limit=10"), failure.getMessage());
      assertThrows(IllegalStateException.class, () -> buffer.reserve(Integer.MAX_VALUE));
      assertThrows(IllegalArgumentException.class, () -> buffer.reserve(-1));
      buffer.putShort((short) -1);
      assertEquals(10, buffer.length());
      assertEquals(10, buffer.capacity());
    }
  }

  @Test
  void clearKeepsMemoryAndShrinkGivesItBack() {
    try (var buffer = new NativeBuffer(16, 1 << 20)) {
      buffer.reserve(100_000);
      int grown = buffer.capacity();
      MemorySegment memory = buffer.segment();
      buffer.clear();
      buffer.reserve(grown);
      assertSame(memory, buffer.segment());
      buffer.clear();
      buffer.putByte((byte) 7);
      buffer.shrinkTo(64);
      assertEquals(64, buffer.capacity());
      assertTrue(!memory.scope().isAlive());
      assertArrayEquals(new byte[] {7}, content(buffer));
      buffer.shrinkTo(128);
      assertEquals(64, buffer.capacity());
    }
  }

  @Test
  void theViewIsOneDirectBuffer() {
    try (var buffer = new NativeBuffer(16, 1 << 20)) {
      buffer.putLong(0x0807060504030201L);
      ByteBuffer view = buffer.view(2, 5);
      assertTrue(view.isDirect());
      assertEquals(3, view.remaining());
      assertEquals(3, view.get());
      assertSame(view, buffer.view());
      assertEquals(8, view.remaining());
    }
  }

  @Test
  void closeFreesTheMemory() {
    var buffer = new NativeBuffer(16, 1 << 20);
    MemorySegment memory = buffer.segment();
    buffer.close();
    buffer.close();
    assertTrue(!memory.scope().isAlive());
    assertThrows(IllegalStateException.class, () -> buffer.putByte((byte) 1));
    assertThrows(IllegalStateException.class, () -> memory.get(Layouts.BYTE, 0));
  }
}
