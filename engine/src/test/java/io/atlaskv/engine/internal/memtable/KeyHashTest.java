package io.atlaskv.engine.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.internal.base.ByteArrays;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class KeyHashTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int SLOTS = 1 << 16;

  private static byte[] decimal(long number) {
    return "key:%012d".formatted(number).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] binary(long number) {
    byte[] key = new byte[Long.BYTES];
    ByteArrays.putBeLong(key, 0, number);
    return key;
  }

  private static long hash(byte[] key) {
    return KeyHash.of(SEED, key, 0, key.length);
  }

  @Test
  void sameForHeapAndNativeMemory() {
    var random = new Random(SEED);
    try (Arena arena = Arena.ofConfined()) {
      for (int length = 0; length < 100; length++) {
        byte[] key = new byte[length + 2];
        random.nextBytes(key);
        MemorySegment copy = arena.allocate(key.length);
        MemorySegment.copy(key, 0, copy, ValueLayout.JAVA_BYTE, 0, key.length);
        assertEquals(
            KeyHash.of(SEED, key, 1, length),
            KeyHash.of(SEED, copy, 1, length),
            "length=" + length);
      }
    }
  }

  @Test
  void neighboursStandInOneLineAndAreToldApart() {
    for (int group = 0; group < 1000; group++) {
      var lines = new HashSet<Long>();
      var places = new HashSet<Long>();
      var tags = new HashSet<Long>();
      for (int i = 0; i < 8; i++) {
        long hash = hash(binary(8L * group + i));
        lines.add((hash & 0xffffffffL) >>> 3);
        places.add(hash & 7);
        tags.add(hash >>> 32);
      }
      assertEquals(1, lines.size());
      assertEquals(8, places.size());
      assertEquals(8, tags.size());
    }
  }

  /// Slots between the one where a key belongs and the one it gets, on average, in a table that is
  /// as full as it gets.
  private static double meanDistance(LongFunction<byte[]> keys) {
    boolean[] isTaken = new boolean[SLOTS];
    int count = SLOTS / 5 * 4;
    long distance = 0;
    for (int i = 0; i < count; i++) {
      int slot = (int) hash(keys.apply(i)) & (SLOTS - 1);
      for (; isTaken[slot]; slot = (slot + 1) & (SLOTS - 1)) {
        distance++;
      }
      isTaken[slot] = true;
    }
    return (double) distance / count;
  }

  @Test
  void keysAreFoundNearWhereTheyBelong() {
    var random = new Random(SEED);
    assertThat(meanDistance(_ -> binary(random.nextLong()))).isLessThan(3);
    assertThat(meanDistance(number -> binary(number << 8))).isLessThan(3); // no neighbours
    assertThat(meanDistance(KeyHashTest::binary)).isLessThan(24); // three cache lines
    assertThat(meanDistance(KeyHashTest::decimal)).isLessThan(24);
  }
}
