package io.atlaskv.bench.memtable;

import io.atlaskv.engine.internal.base.ByteArrays;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/// Keys and batches of the loads.
final class Keys {
  /// `namespace (4 bytes) "key:" 12 digits`.
  static final int LENGTH = 20;

  /// What all keys begin with.
  static final int COMMON = 8;

  static final int VALUE_LENGTH = 100;

  private Keys() {}

  static byte[] template() {
    byte[] key = new byte[LENGTH];
    ByteArrays.putBeInt(key, 0, 1);
    ByteArrays.putBeInt(key, 4, 0x6b65793a);
    return key;
  }

  static void number(byte[] key, int number) {
    int rest = number;
    for (int i = LENGTH - 1; i >= COMMON; i--) {
      key[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /// Numbers below `count`, mixed.
  static int[] shuffled(int count) {
    int[] numbers = new int[count];
    var random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      numbers[i] = numbers[j];
      numbers[j] = i;
    }
    return numbers;
  }

  /// One key and value for each number, one after the other.
  static MemorySegment batch(Arena arena, int[] numbers) {
    int stride = LENGTH + VALUE_LENGTH;
    MemorySegment batch = arena.allocate((long) numbers.length * stride);
    byte[] entry = new byte[stride];
    var random = new SplittableRandom(2);
    byte[] key = template();
    for (int i = 0; i < numbers.length; i++) {
      random.nextBytes(entry);
      number(key, numbers[i]);
      System.arraycopy(key, 0, entry, 0, LENGTH);
      MemorySegment.copy(entry, 0, batch, ValueLayout.JAVA_BYTE, (long) i * stride, stride);
    }
    return batch;
  }
}
