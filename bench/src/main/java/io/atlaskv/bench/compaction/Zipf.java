package io.atlaskv.bench.compaction;

import java.util.Arrays;
import java.util.Random;

/// Numbers from 0 on of which small ones come more often: number n with a weight of 1 / (n +
/// 1)^skew.
final class Zipf {
  private final double[] sums;
  private final Random random;

  Zipf(int count, double skew, Random random) {
    sums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1 / Math.pow(i + 1.0, skew);
      sums[i] = sum;
    }
    this.random = random;
  }

  int next() {
    int at = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
    return at >= 0 ? at : -at - 1;
  }
}
