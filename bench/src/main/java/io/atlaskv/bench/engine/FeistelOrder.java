package io.atlaskv.bench.engine;

import java.util.Random;
import java.util.function.IntUnaryOperator;

/// Each number below a count once, in an order without locality that takes no memory.
///
/// Four Feistel rounds permute the numbers of an even count of bits, the fewest that hold them all;
/// a result that is too large goes through them again.
final class FeistelOrder implements IntUnaryOperator {
  private static final int ROUNDS = 4;
  private static final int ODD = 0x9E3779B1;

  private final int count;
  private final int halfBits;
  private final int halfMask;
  private final int[] keys;

  FeistelOrder(int count, Random random) {
    if (count < 1) {
      throw new IllegalArgumentException("count=" + count);
    }
    this.count = count;
    halfBits = (Integer.SIZE - Integer.numberOfLeadingZeros(count - 1) + 1) / 2;
    halfMask = (1 << halfBits) - 1;
    keys = random.ints(ROUNDS).toArray();
  }

  @Override
  public int applyAsInt(int index) {
    long number = index;
    do {
      number = permuted(number);
    } while (number >= count);
    return (int) number;
  }

  private long permuted(long number) {
    int left = (int) (number >>> halfBits);
    int right = (int) number & halfMask;
    for (int key : keys) {
      int mixed = (right + key) * ODD;
      mixed = (mixed ^ (mixed >>> 15)) * ODD;
      int next = left ^ ((mixed >>> 16) & halfMask);
      left = right;
      right = next;
    }
    return ((long) left << halfBits) | right;
  }
}
