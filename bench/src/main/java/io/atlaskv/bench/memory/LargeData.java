package io.atlaskv.bench.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Entries made from their number: keys of 16 bytes, values of 1 KiB that do not compress.
final class LargeData {
  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 1024;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final long entries;
  private final long stride;

  private LargeData(long entries) {
    this.entries = entries;
    long candidate = (long) (entries * 0.618) | 1;
    while (greatestCommonDivisor(candidate, entries) != 1) {
      candidate += 2;
    }
    stride = candidate;
  }

  static LargeData ofBytes(long bytes) {
    return new LargeData(bytes / (KEY_BYTES + VALUE_BYTES));
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return entries * (KEY_BYTES + VALUE_BYTES);
  }

  /// Each entry once, far from the one before.
  long scattered(long index) {
    return index * stride % entries;
  }

  byte[] key(long entry) {
    var key = new byte[KEY_BYTES];
    long rest = entry;
    for (int position = KEY_BYTES - 1; position >= 0; position--) {
      key[position] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return key;
  }

  void value(long entry, byte[] target) {
    // Mixed first: neighbours must not share a shifted sequence, or their block would compress.
    long state = mix(entry);
    for (int offset = 0; offset < VALUE_BYTES; offset += Long.BYTES) {
      state += STEP;
      LONGS.set(target, offset, mix(state));
    }
  }

  private static long mix(long state) {
    long bits = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return bits ^ (bits >>> 31);
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
