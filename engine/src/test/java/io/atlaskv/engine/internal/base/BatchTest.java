package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=BatchTest -Datlaskv.seed=" + SEED;

  private final BatchBuilder builder = new BatchBuilder();

  @AfterEach
  void close() {
    builder.close();
  }

  @Test
  void emptyBatchIsAValidBatchOfNothing() {
    builder.finish();
    assertTrue(builder.isEmpty());
    assertEquals(List.of(), operations());
  }

  @Test
  void operationsComeBackInOrder() {
    put("apple", "red");
    builder.delete(bytes("xbananax"), 1, 6);
    builder.deleteRange(bytes("c"), 0, 1, bytes("dd"), 0, 2);
    builder.count(0x01020304, 255, -7);
    put("", "");
    builder.finish();
    assertEquals(4, builder.operations());
    assertEquals(
        List.of(
            "PUT apple=red",
            "DELETE banana",
            "RANGE_DELETE c..dd",
            "COUNTER 16909060/255 -7",
            "PUT ="),
        operations());
  }

  @Test
  void shortPutsAreAsOthers() {
    List<String> keys = List.of("apple", "", "k".repeat(200));
    for (String key : keys) {
      int at = builder.putReserving(bytes(key), 0, key.length(), 130);
      builder.segment().asSlice(at, 130).fill((byte) 'v');
    }
    builder.finish();
    byte[] expected = ByteArrays.copyOf(builder.segment(), 0, builder.length());
    builder.clear();
    for (String key : keys) {
      int at = builder.putShortReserving(bytes(key), 130);
      builder.segment().asSlice(at, 130).fill((byte) 'v');
      assertEquals(at - 2 - key.length(), builder.keyOffset());
    }
    builder.finish();
    assertEquals(3, builder.operations());
    assertArrayEquals(expected, ByteArrays.copyOf(builder.segment(), 0, builder.length()));
    byte[] tooLong = new byte[InternalKey.USER_KEY_BYTES_MAX + 1];
    assertThrows(IllegalArgumentException.class, () -> builder.putShortReserving(tooLong, 1));
  }

  @Test
  void countersTakeNoSequence() {
    builder.count(0, 0, Long.MIN_VALUE);
    builder.count(-1, 1, Long.MAX_VALUE);
    builder.finish();
    assertFalse(builder.isEmpty());
    assertEquals(0, builder.operations());
    assertEquals(
        List.of("COUNTER 0/0 " + Long.MIN_VALUE, "COUNTER -1/1 " + Long.MAX_VALUE), operations());
  }

  @Test
  void reservedValueIsWrittenByTheCaller() {
    int at = builder.putReserving(bytes("k"), 0, 1, 3);
    MemorySegment.copy(bytes("xyz"), 0, builder.segment(), Layouts.BYTE, at, 3);
    builder.finish();
    assertEquals(List.of("PUT k=xyz"), operations());
  }

  @Test
  void appendedBatchContributesItsOperations() {
    put("a", "1");
    try (var other = new BatchBuilder()) {
      other.delete(bytes("b"), 0, 1);
      other.count(1, 2, 3);
      builder.append(other);
    }
    builder.finish();
    assertEquals(2, builder.operations());
    assertEquals(List.of("PUT a=1", "DELETE b", "COUNTER 1/2 3"), operations());
  }

  @Test
  void clearedBuilderStartsAgain() {
    put("a", "1".repeat(100_000));
    builder.clearAndShrink(4096);
    put("b", "2");
    builder.finish();
    assertEquals(1, builder.operations());
    assertEquals(List.of("PUT b=2"), operations());
  }

  @Test
  void bytesAreThoseOfTheFormat() {
    put("k", "v");
    builder.count(1, 2, -1);
    builder.finish();
    var found = builder.segment().asSlice(4, builder.length() - 4).toArray(Layouts.BYTE);
    assertArrayEquals(
        new byte[] {12, 0, 0, 0, 1, 0, 0, 0, 1, 1, 'k', 1, 'v', 3, 0, 0, 0, 1, 2, 1}, found);
    assertEquals(Checksum.crc32c(found, 0, found.length), builder.segment().get(Layouts.LE_INT, 0));
  }

  @Test
  void tooLongKeysAndBatchesAreRefused() {
    var key = new byte[InternalKey.USER_KEY_BYTES_MAX + 1];
    builder.delete(key, 0, key.length - 1);
    assertThrows(IllegalArgumentException.class, () -> builder.delete(key, 0, key.length));
    assertThrows(
        IllegalArgumentException.class, () -> builder.deleteRange(key, 0, 1, key, 0, key.length));
    try (var small = new BatchBuilder(16, 32)) {
      assertThrows(IllegalStateException.class, () -> small.put(key, 0, 10, key, 0, 10));
      assertTrue(small.isEmpty());
    }
  }

  @Test
  void everyChangedByteIsFoundByTheChecksum() {
    put("apple", "red");
    builder.delete(bytes("banana"), 0, 6);
    builder.finish();
    var reader = new BatchReader();
    for (int i = 0; i < builder.length(); i++) {
      byte before = builder.segment().get(Layouts.BYTE, i);
      builder.segment().set(Layouts.BYTE, i, (byte) (before ^ 0x10));
      assertThrows(
          CorruptionException.class,
          () -> {
            reader.reset(builder.segment(), 0, builder.length());
            reader.verifyChecksum();
          });
      builder.segment().set(Layouts.BYTE, i, before);
    }
  }

  @Test
  void anyBytesAreReadOrRefusedButNeverOverrun() {
    var random = new Random(SEED);
    var reader = new BatchReader();
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      builder.clear();
      put("key" + round, "value");
      builder.deleteRange(bytes("a"), 0, 1, bytes("b"), 0, 1);
      builder.count(round, 1, random.nextLong());
      builder.finish();
      try (var arena = Arena.ofConfined()) {
        int length = round % 2 == 0 ? builder.length() : random.nextInt(builder.length());
        MemorySegment copy = arena.allocate(length); // exact size: an overrun would throw
        MemorySegment.copy(builder.segment(), 0, copy, 0, length);
        for (int i = random.nextInt(3); i >= 0 && length > 0; i--) {
          copy.set(Layouts.BYTE, random.nextInt(length), (byte) random.nextInt());
        }
        reader.reset(copy, 0, length);
        while (reader.next()) {
          assertTrue(reader.valueOffset() + reader.valueLength() <= length, REPRO);
        }
      } catch (CorruptionException e) {
        refused++;
        assertTrue(e.offset() >= 0, REPRO);
      }
    }
    assertTrue(refused > 10_000, REPRO);
  }

  private void put(String key, String value) {
    byte[] k = bytes(key);
    byte[] v = bytes(value);
    builder.put(k, 0, k.length, MemorySegment.ofArray(v), 0, v.length);
  }

  private List<String> operations() {
    var reader = new BatchReader();
    reader.reset(builder.segment(), 0, builder.length());
    reader.verifyChecksum();
    var result = new ArrayList<String>();
    while (reader.next()) {
      String name = ValueKind.nameOf(reader.kind());
      result.add(
          switch (reader.kind()) {
            case ValueKind.PUT -> name + " " + key(reader) + "=" + value(reader);
            case ValueKind.DELETE -> name + " " + key(reader);
            case ValueKind.RANGE_DELETE -> name + " " + key(reader) + ".." + value(reader);
            default ->
                name
                    + " "
                    + reader.counterNamespace()
                    + "/"
                    + reader.counterId()
                    + " "
                    + reader.counterDelta();
          });
    }
    return result;
  }

  private static String key(BatchReader reader) {
    return text(reader.segment(), reader.keyOffset(), reader.keyLength());
  }

  private static String value(BatchReader reader) {
    return text(reader.segment(), reader.valueOffset(), reader.valueLength());
  }

  private static String text(MemorySegment segment, long offset, int length) {
    return new String(
        segment.asSlice(offset, length).toArray(Layouts.BYTE), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
