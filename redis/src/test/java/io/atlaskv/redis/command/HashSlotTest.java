package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashSlotTest {
  private static final int BEFORE = 5;

  /// Slots as `CLUSTER KEYSLOT` of Redis answers.
  @ParameterizedTest
  @CsvSource({
    "123456789, 12739",
    "foo, 12182",
    "{foo}, 12182",
    "a{foo}b, 12182",
    "{foo}{bar}, 12182",
    "bar, 5061",
    "{user1000}.following, 3443",
    "{user1000}.followers, 3443",
    "foo{}{bar}, 8363",
    "foo{{bar}}zap, 4015",
    "'', 0",
  })
  void theSameInARowAndInARequest(String key, int slot) {
    byte[] row = ("x}{x}" + key).getBytes(StandardCharsets.US_ASCII);
    assertEquals(slot, HashSlot.ofRow(row, BEFORE), key);
    try (var arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(row.length);
      MemorySegment.copy(row, 0, request, ValueLayout.JAVA_BYTE, 0, row.length);
      assertEquals(slot, HashSlot.of(request, BEFORE, row.length - BEFORE), key);
    }
  }
}
