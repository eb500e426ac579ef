package io.atlaskv.engine.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random ranges, each within a namespace, against a set of bits.
class KeyRangesTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int KEYS = 40;

  private static final int NAMESPACE_KEYS = 10;

  /// The first key of a namespace, which is the end of the one before it, is its id alone.
  private static byte[] key(int number) {
    byte id = (byte) (number / NAMESPACE_KEYS);
    return number % NAMESPACE_KEYS == 0
        ? new byte[] {0, 0, 0, id}
        : new byte[] {0, 0, 0, id, (byte) number};
  }

  private static int firstOfNamespace(int number) {
    return number - number % NAMESPACE_KEYS;
  }

  @Test
  void isTheSetOfKeysInItsRanges() {
    var random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      var ranges = new KeyRanges();
      var model = new BitSet(KEYS);
      for (int step = 0; step < 20; step++) {
        int from = random.nextInt(KEYS);
        int end = Math.min(KEYS - 1, firstOfNamespace(from) + NAMESPACE_KEYS);
        int to = Math.min(end, from + random.nextInt(6) - 1);
        ranges.add(key(from), key(Math.max(to, 0)));
        if (to > from) {
          model.set(from, to);
        }
        check(ranges, model, random);
      }
    }
  }

  private static void check(KeyRanges ranges, BitSet model, Random random) {
    for (int i = 0; i < KEYS; i++) {
      assertThat(ranges.contains(key(i))).as("key %d, seed %d", i, SEED).isEqualTo(model.get(i));
      byte[] end = ranges.endAround(key(i));
      byte[] start = ranges.startAround(key(i));
      if (model.get(i)) {
        int first = firstOfNamespace(i);
        assertThat(end).isEqualTo(key(Math.min(model.nextClearBit(i), first + NAMESPACE_KEYS)));
        assertThat(start).isEqualTo(key(Math.max(model.previousClearBit(i) + 1, first)));
      } else {
        assertThat(end).isNull();
        assertThat(start).isNull();
      }
    }
    int from = random.nextInt(KEYS);
    int to = random.nextInt(KEYS);
    boolean isCommon = from < to && !model.get(from, to).isEmpty();
    assertThat(ranges.overlaps(key(from), key(to))).isEqualTo(isCommon);
    byte[][] last = new byte[1][];
    ranges.forEach((start, end) -> {
      int order = last[0] == null ? -1 : Arrays.compareUnsigned(last[0], start);
      assertThat(order < 0 || (order == 0 && start.length == Integer.BYTES)).isTrue();
      last[0] = end;
    });
  }
}
