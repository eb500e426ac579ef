package io.atlaskv.bench.engine;

import java.util.Random;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/// Keys and values of all workloads.
///
/// Keys are 16 decimal digits. Entry `i` has the key `2 i`, so that odd keys are missing keys
/// inside the range. Values compress to about half, as in db_bench.
public final class DataSet {
  public static final int KEY_BYTES = 16;

  private static final int POOL_VALUES_MAX = 8192;
  private static final int POOL_BYTES_MAX = 8 << 20;

  private final int entries;
  private final IntUnaryOperator order;
  private final int valueBytes;
  private final int poolValues;
  private final byte[] pool;

  /// With an order that is looked up: 4 bytes an entry.
  public DataSet(int entries, int valueBytes, long seed) {
    this(entries, valueBytes, new Random(seed), random -> shuffled(entries, random));
  }

  private DataSet(
      int entries, int valueBytes, Random random, Function<Random, IntUnaryOperator> order) {
    this.entries = entries;
    this.valueBytes = valueBytes;
    poolValues = Math.clamp(POOL_BYTES_MAX / valueBytes, 1, POOL_VALUES_MAX);
    pool = new byte[poolValues * valueBytes];
    var half = new byte[valueBytes / 2];
    for (int start = 0; start < pool.length; start += valueBytes) {
      random.nextBytes(half);
      System.arraycopy(half, 0, pool, start, half.length);
      System.arraycopy(half, 0, pool, start + half.length, half.length);
    }
    this.order = order.apply(random);
  }

  /// With an order that is computed, some 30 ns each time: no memory, however many entries.
  static DataSet withComputedOrder(int entries, int valueBytes, long seed) {
    return new DataSet(
        entries, valueBytes, new Random(seed), random -> new FeistelOrder(entries, random));
  }

  private static IntUnaryOperator shuffled(int entries, Random random) {
    var shuffled = new int[entries];
    for (int i = 0; i < entries; i++) {
      int other = random.nextInt(i + 1);
      shuffled[i] = shuffled[other];
      shuffled[other] = i;
    }
    return index -> shuffled[index];
  }

  public int entries() {
    return entries;
  }

  public int valueBytes() {
    return valueBytes;
  }

  /// Bytes of all keys and values.
  public long bytes() {
    return entries * bytesOfEntry();
  }

  long bytesOfEntry() {
    return (long) KEY_BYTES + valueBytes;
  }

  /// Each entry once, in an order without locality.
  public int shuffled(int index) {
    return order.applyAsInt(index);
  }

  public void key(int entry, byte[] target) {
    digits(2L * entry, target);
  }

  void missingKey(int entry, byte[] target) {
    digits(2L * entry + 1, target);
  }

  public void value(int salt, byte[] target) {
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
