package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChecksumTest {
  private static final int CHECK_VALUE = 0xe3069283; // of "123456789", RFC 3720
  private static final int GOLDEN_0 = 0x469913f8;
  private static final int GOLDEN_12 = 0xd8f270d9;

  @Test
  void theCheckValueOfTheStandardComesOutInEveryForm() {
    byte[] bytes = "__123456789_".getBytes(StandardCharsets.US_ASCII);
    MemorySegment segment = Arena.ofAuto().allocate(bytes.length);
    MemorySegment.copy(bytes, 0, segment, Layouts.BYTE, 0, bytes.length);
    ByteBuffer buffer = segment.asByteBuffer();
    assertEquals(CHECK_VALUE, Checksum.crc32c(bytes, 2, 9));
    assertEquals(CHECK_VALUE, Checksum.crc32c(segment, 2, 9));
    assertEquals(CHECK_VALUE, Checksum.crc32c(buffer, 2, 9));
    assertEquals(0, Checksum.crc32c(buffer, 12, 0));
  }

  @Test
  void neighbouringPlacesHaveDifferentSeeds() {
    Set<Integer> seeds = new HashSet<>();
    int count = 0;
    for (long file = 0; file < 100; file++) {
      for (long offset = 0; offset < 4096 * 100; offset += 4096) {
        seeds.add(Checksum.seed(file, offset));
        count++;
      }
    }
    assertTrue(seeds.size() >= count - 2, "seeds=" + seeds.size()); // 32 bits: 0.01 collisions
  }

  /// Part of the file formats.
  @Test
  void seedsAreFixed() {
    assertEquals(GOLDEN_0, Checksum.seed(0, 0));
    assertEquals(GOLDEN_12, Checksum.seed(12, 4096));
  }
}
