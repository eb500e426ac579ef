package io.atlaskv.bench.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Entries made from their number: keys of 16 bytes, values of one length that do not compress.
final class LargeData {
  static final int KEY_BYTES = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final long entries;
  private final int valueBytes;
  private final long stride;

  /// @param bytes of keys and values, about
  LargeData(long bytes, int valueBytes) {
    this.valueBytes = valueBytes;
    this.entries = bytes / (KEY_BYTES + valueBytes);
    long candidate = (long) (entries * 0.618) | 1;
    while (greatestCommonDivisor(candidate, entries) != 1) {
      candidate += 2;
    }
    stride = candidate;
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return entries * (KEY_BYTES + valueBytes);
  }

  int valueBytes() {
    return valueBytes;
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
    int offset = 0;
    for (; offset + Long.BYTES <= valueBytes; offset += Long.BYTES) {
      state += STEP;
      LONGS.set(target, offset, mix(state));
    }
    for (; offset < valueBytes; offset++) {
      target[offset] = (byte) (state >>> offset);
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
