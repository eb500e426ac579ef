package io.atlaskv.bench;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Numbers from 0 on of which small ones come more often: number n with a weight of 1 / (n +
/// 1)^skew. Takes 8 bytes a number.
public final class Zipf {
  private final double[] sums;
  private final RandomGenerator random;

  public Zipf(int count, double skew, RandomGenerator random) {
    sums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1 / Math.pow(i + 1.0, skew);
      sums[i] = sum;
    }
    this.random = random;
  }

  public int next() {
    int at = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
    return at >= 0 ? at : -at - 1;
  }
}
