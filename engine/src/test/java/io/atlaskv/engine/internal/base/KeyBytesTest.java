package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// All pairings of heap and native memory against the JDK's own comparison of arrays.
class KeyBytesTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROUNDS = 20_000;
  private static final int PAD = 5; // slices start at odd places

  private final Random random = new Random(SEED);

  private byte[] randomKey(int lengthMax) {
    byte[] key = new byte[random.nextInt(lengthMax + 1)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(3) * 127); // 0, 127, 254: signs matter, prefixes are shared
    }
    return key;
  }

  /// Shares a long prefix with `key`, so that each byte of a step gets to decide.
  private byte[] relative(byte[] key) {
    byte[] other = Arrays.copyOf(key, random.nextInt(key.length + 3));
    if (other.length > 0 && random.nextBoolean()) {
      other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return other;
  }

  private static byte[] padded(byte[] key) {
    byte[] padded = new byte[key.length + 2 * PAD];
    Arrays.fill(padded, (byte) 0x5a);
    System.arraycopy(key, 0, padded, PAD, key.length);
    return padded;
  }

  @Test
  void everyPairingAgreesWithTheJdk() {
    try (var arena = Arena.ofConfined()) {
      MemorySegment leftNative = arena.allocate(200);
      MemorySegment rightNative = arena.allocate(200);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] left = randomKey(40);
        byte[] right = random.nextInt(3) == 0 ? randomKey(40) : relative(left);
        check(left, right, leftNative, rightNative, "seed=" + SEED + " round=" + round);
      }
    }
  }

  private static void check(
      byte[] left, byte[] right, MemorySegment leftNative, MemorySegment rightNative, String why) {
    byte[] l = padded(left);
    byte[] r = padded(right);
    MemorySegment.copy(l, 0, leftNative, Layouts.BYTE, 0, l.length);
    MemorySegment.copy(r, 0, rightNative, Layouts.BYTE, 0, r.length);
    int ll = left.length;
    int rl = right.length;
    int order = Integer.signum(Arrays.compareUnsigned(left, right));
    assertEquals(order, Integer.signum(KeyBytes.compare(l, PAD, ll, r, PAD, rl)), why);
    assertEquals(order, Integer.signum(KeyBytes.compare(l, PAD, ll, rightNative, PAD, rl)), why);
    assertEquals(order, Integer.signum(KeyBytes.compare(leftNative, PAD, ll, r, PAD, rl)), why);
    assertEquals(
        order, Integer.signum(KeyBytes.compare(leftNative, PAD, ll, rightNative, PAD, rl)), why);

    int common = Math.min(ll, rl);
    int mismatch = Arrays.mismatch(left, 0, common, right, 0, common);
    boolean isEqual = mismatch < 0;
    int shared = isEqual ? common : mismatch;
    assertEquals(shared, KeyBytes.mismatch(l, PAD, r, PAD, common), why);
    assertEquals(shared, KeyBytes.mismatch(l, PAD, rightNative, PAD, common), why);
    assertEquals(shared, KeyBytes.mismatch(leftNative, PAD, rightNative, PAD, common), why);
    assertEquals(isEqual, KeyBytes.equal(l, PAD, r, PAD, common), why);
    assertEquals(isEqual, KeyBytes.equal(l, PAD, rightNative, PAD, common), why);
    assertEquals(isEqual, KeyBytes.equal(leftNative, PAD, rightNative, PAD, common), why);

    long leftPrefix = KeyBytes.prefix8(l, PAD, ll);
    long rightPrefix = KeyBytes.prefix8(rightNative, PAD, rl);
    assertEquals(leftPrefix, KeyBytes.prefix8(leftNative, PAD, ll), why);
    int prefixOrder = Long.compareUnsigned(leftPrefix, rightPrefix);
    assertTrue(prefixOrder == 0 || Integer.signum(prefixOrder) == order, why);
  }

  @Test
  void prefixIsBigEndianAndZeroPadded() {
    byte[] key = {1, 2, 3, 4, 5, 6, 7, (byte) 0xff, 9};
    assertEquals(0x01020304050607ffL, KeyBytes.prefix8(key, 0, 9));
    assertEquals(0x0102030000000000L, KeyBytes.prefix8(key, 0, 3));
    assertEquals(0xff09000000000000L, KeyBytes.prefix8(key, 7, 2));
    assertEquals(0, KeyBytes.prefix8(key, 0, 0));
  }
}
