package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Hash64Test {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long GOLDEN_ALL = 0xb7d4c190a91f6b24L;
  private static final long GOLDEN_16 = 0x77918f1e36e11cddL;

  @Test
  void heapAndNativeMemoryAgreeAtEveryLength() {
    var random = new Random(SEED);
    byte[] bytes = new byte[300];
    random.nextBytes(bytes);
    try (var arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(bytes.length);
      MemorySegment.copy(bytes, 0, segment, Layouts.BYTE, 0, bytes.length);
      Set<Long> seen = new HashSet<>();
      for (int length = 0; length < 200; length++) {
        long hash = Hash64.hash(SEED, bytes, 7, length);
        assertEquals(hash, Hash64.hash(SEED, segment, 7, length), "length=" + length);
        assertTrue(seen.add(hash), "length=" + length);
      }
    }
  }

  /// Filters on disk hold these: if this fails, the format has changed.
  @Test
  void valuesAreFixed() {
    byte[] text = "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    long all = 0;
    for (int length = 0; length <= text.length; length++) {
      all = 31 * all + Hash64.hash(length, text, 0, length);
    }
    assertEquals(GOLDEN_ALL, all);
    assertEquals(GOLDEN_16, Hash64.hash(0, text, 0, 16));
  }

  @Test
  void everyBitOfTheInputTurnsAboutHalfOfTheBits() {
    var random = new Random(SEED);
    for (int length : new int[] {1, 3, 4, 7, 8, 12, 16, 17, 24, 33, 64}) {
      byte[] key = new byte[length];
      for (int bit = 0; bit < length * Byte.SIZE; bit++) {
        long flips = 0;
        int rounds = 200;
        for (int round = 0; round < rounds; round++) {
          random.nextBytes(key);
          long before = Hash64.hash(SEED, key, 0, length);
          key[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
          flips += Long.bitCount(before ^ Hash64.hash(SEED, key, 0, length));
        }
        double mean = (double) flips / rounds;
        assertTrue(mean > 29 && mean < 35, "length=" + length + " bit=" + bit + " mean=" + mean);
      }
    }
  }

  /// Counters, the keys people really have, must spread over any window of bits.
  @Test
  void countersSpreadEvenlyOverHighMiddleAndLowBits() {
    int buckets = 1 << 12;
    int keys = buckets * 64;
    byte[] key = "user:0000000000".getBytes(StandardCharsets.US_ASCII);
    for (int shift : new int[] {0, 20, 52}) {
      int[] counts = new int[buckets];
      for (int i = 0; i < keys; i++) {
        int rest = i;
        for (int at = key.length - 1; at > 4; at--) {
          key[at] = (byte) ('0' + rest % 10);
          rest /= 10;
        }
        counts[(int) (Hash64.hash(SEED, key, 0, key.length) >>> shift) & (buckets - 1)]++;
      }
      double chiSquare = 0;
      for (int count : counts) {
        chiSquare += (count - 64.0) * (count - 64.0) / 64.0;
      }
      // mean 4095, standard deviation 90
      assertTrue(chiSquare > 3600 && chiSquare < 4600, "shift=" + shift + " chi2=" + chiSquare);
    }
  }

  @Test
  void theSeedMatters() {
    byte[] key = {1, 2, 3};
    Set<Long> hashes = new HashSet<>();
    for (long seed = 0; seed < 1_000; seed++) {
      hashes.add(Hash64.hash(seed, key, 0, key.length));
    }
    assertEquals(1_000, hashes.size());
  }
}
