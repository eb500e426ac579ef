package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Lz4Test {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int GUARD = 32;
  private static final byte GUARD_BYTE = 0x5a;

  private final Lz4 lz4 = new Lz4();

  @Test
  void givesBackWhatWentIn() {
    var random = new Random(SEED);
    for (int round = 0; round < 3_000; round++) {
      byte[] content = content(random, random.nextInt(round % 50 == 0 ? 200_000 : 6_000));
      byte[] compressed = compress(content);
      assertArrayEquals(
          content,
          decompress(compressed, content.length),
          "rerun: -Datlaskv.seed=" + SEED + " round " + round);
    }
  }

  @Test
  void compressesWhatRepeats() {
    byte[] text =
        "the quick brown fox jumps over the lazy dog. "
            .repeat(90)
            .getBytes(StandardCharsets.US_ASCII);
    assertTrue(compress(text).length < 100, "repeated text: " + compress(text).length);
    assertTrue(compress(new byte[100_000]).length < 500, "zeroes");
  }

  @Test
  void refusesWhatDoesNotFit() {
    byte[] noise = new byte[4096];
    new Random(SEED).nextBytes(noise);
    try (var arena = Arena.ofConfined()) {
      MemorySegment source = segment(arena, noise);
      MemorySegment target = arena.allocate(4096 + 2 * GUARD);
      target.fill(GUARD_BYTE);
      assertEquals(Lz4.TOO_LARGE, lz4.compress(source, GUARD, 4096, target, GUARD, 4096));
      assertGuards(target, 4096, "compress");
    }
  }

  @Test
  void decodesBlocksOfTheReferenceImplementation() throws IOException {
    byte[] frame = resource("/golden/base/text.lz4");
    byte[] expected = resource("/golden/base/text.txt");
    // Frame: magic 4, FLG, BD, header checksum; then one block: size 4, bytes; end mark 4.
    int blockBytes = ByteArrays.leInt(frame, 7);
    assertTrue(blockBytes > 0 && 11 + blockBytes + 4 <= frame.length, "blockBytes=" + blockBytes);
    byte[] block = Arrays.copyOfRange(frame, 11, 11 + blockBytes);
    assertArrayEquals(expected, decompress(block, expected.length));
  }

  @Test
  void damagedInputIsRefusedOrHarmless() {
    var random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      byte[] content = content(random, 1 + random.nextInt(600));
      byte[] damaged = compress(content);
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      int cut = random.nextInt(4) == 0 ? random.nextInt(damaged.length + 1) : damaged.length;
      damaged = Arrays.copyOf(damaged, cut);
      int length = random.nextInt(4) == 0 ? random.nextInt(700) : content.length;
      String message = "rerun: -Datlaskv.seed=" + SEED + " round " + round;
      decompressGuarded(damaged, length, message);
    }
  }

  @Test
  void noiseIsRefusedOrHarmless() {
    var random = new Random(SEED);
    for (int round = 0; round < 20_000; round++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      decompressGuarded(noise, random.nextInt(300), "noise round " + round);
    }
  }

  @Test
  void keepsItsTableAcrossBlocks() {
    byte[] first =
        "abcdefghijklmnopqrstuvwxyz0123456789".repeat(3).getBytes(StandardCharsets.US_ASCII);
    byte[] second = first.clone();
    byte[] alone = new Lz4Test().compress(second);
    compress(first);
    assertArrayEquals(alone, compress(second), "no match may reach into an older block");
  }

  private byte[] compress(byte[] content) {
    try (var arena = Arena.ofConfined()) {
      int max = Lz4.compressedBytesMax(content.length);
      MemorySegment target = arena.allocate(max + 2 * GUARD);
      target.fill(GUARD_BYTE);
      int length = lz4.compress(segment(arena, content), GUARD, content.length, target, GUARD, max);
      assertTrue(length > 0 && length <= max, "length=" + length);
      assertGuards(target, max, "compress");
      return target.asSlice(GUARD, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static byte[] decompress(byte[] compressed, int length) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(length + 2 * GUARD);
      target.fill(GUARD_BYTE);
      assertEquals(
          length,
          Lz4.decompress(
              segment(arena, compressed), GUARD, compressed.length, target, GUARD, length));
      assertGuards(target, length, "decompress");
      return target.asSlice(GUARD, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// Decompresses what may be malformed; the segments end right behind the slices, so that any read
  /// or write beyond throws, and guards before and after show writes inside the target segment.
  private static void decompressGuarded(byte[] compressed, int length, String message) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(Math.max(1, compressed.length));
      MemorySegment.copy(compressed, 0, source, ValueLayout.JAVA_BYTE, 0, compressed.length);
      MemorySegment target = arena.allocate(length + 2 * GUARD);
      target.fill(GUARD_BYTE);
      int found = Lz4.decompress(source, 0, compressed.length, target, GUARD, length);
      assertTrue(found == length || found == Lz4.MALFORMED, message);
      assertGuards(target, length, message);
    }
  }

  private static MemorySegment segment(Arena arena, byte[] content) {
    MemorySegment segment = arena.allocate(content.length + GUARD);
    MemorySegment.copy(content, 0, segment, ValueLayout.JAVA_BYTE, GUARD, content.length);
    return segment;
  }

  private static void assertGuards(MemorySegment target, int length, String message) {
    for (int i = 0; i < GUARD; i++) {
      assertEquals(GUARD_BYTE, target.get(ValueLayout.JAVA_BYTE, i), message);
      assertEquals(GUARD_BYTE, target.get(ValueLayout.JAVA_BYTE, GUARD + length + i), message);
    }
  }

  /// Noise, text over few letters, long runs and repetitions at all distances.
  private static byte[] content(Random random, int length) {
    byte[] content = new byte[length];
    int letters = 1 + random.nextInt(random.nextBoolean() ? 4 : 256);
    int at = 0;
    while (at < length) {
      int run = Math.min(length - at, 1 + random.nextInt(80));
      if (at > 0 && random.nextBoolean()) {
        int distance = 1 + random.nextInt(Math.min(at, random.nextBoolean() ? 12 : 70_000));
        for (int i = 0; i < run; i++) {
          content[at + i] = content[at + i - distance];
        }
      } else {
        for (int i = 0; i < run; i++) {
          content[at + i] = (byte) random.nextInt(letters);
        }
      }
      at += run;
    }
    return content;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Lz4Test.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }
}
