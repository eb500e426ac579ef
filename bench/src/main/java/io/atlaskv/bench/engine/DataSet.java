package io.atlaskv.bench.engine;

import java.util.Random;

/// Keys and values of all workloads.
///
/// Keys are 16 decimal digits. Entry `i` has the key `2 i`, so that odd keys are missing keys
/// inside the range. Values compress to about half, as in db_bench.
final class DataSet {
  static final int KEY_BYTES = 16;

  private static final int POOL_VALUES_MAX = 8192;
  private static final int POOL_BYTES_MAX = 8 << 20;

  private final int[] shuffled;
  private final int valueBytes;
  private final int poolValues;
  private final byte[] pool;

  DataSet(int entries, int valueBytes, long seed) {
    this.valueBytes = valueBytes;
    poolValues = Math.clamp(POOL_BYTES_MAX / valueBytes, 1, POOL_VALUES_MAX);
    pool = new byte[poolValues * valueBytes];
    var random = new Random(seed);
    var half = new byte[valueBytes / 2];
    for (int start = 0; start < pool.length; start += valueBytes) {
      random.nextBytes(half);
      System.arraycopy(half, 0, pool, start, half.length);
      System.arraycopy(half, 0, pool, start + half.length, half.length);
    }
    shuffled = new int[entries];
    for (int i = 0; i < entries; i++) {
      int other = random.nextInt(i + 1);
      shuffled[i] = shuffled[other];
      shuffled[other] = i;
    }
  }

  int entries() {
    return shuffled.length;
  }

  int valueBytes() {
    return valueBytes;
  }

  /// Bytes of all keys and values.
  long bytes() {
    return (long) entries() * (KEY_BYTES + valueBytes);
  }

  /// Each entry once, in an order without locality.
  int shuffled(int index) {
    return shuffled[index];
  }

  void key(int entry, byte[] target) {
    digits(2L * entry, target);
  }

  void missingKey(int entry, byte[] target) {
    digits(2L * entry + 1, target);
  }

  void value(int salt, byte[] target) {
    int start = Math.floorMod(salt * 0x9E3779B1, poolValues) * valueBytes;
    System.arraycopy(pool, start, target, 0, valueBytes);
  }

  private static void digits(long number, byte[] target) {
    long rest = number;
    for (int position = KEY_BYTES - 1; position >= 0; position--) {
      target[position] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
