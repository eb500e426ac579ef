package io.atlaskv.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeistelOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 1000, 65_535, 65_536, 65_537})
  void hasEachNumberOnce(int count) {
    var order = new FeistelOrder(count, new Random(42));
    var seen = new BitSet();
    for (int i = 0; i < count; i++) {
      int number = order.applyAsInt(i);
      assertThat(number).isBetween(0, count - 1);
      assertThat(seen.get(number)).as("number %d twice", number).isFalse();
      seen.set(number);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000})
  void hasNoLocality(int count) {
    var order = new FeistelOrder(count, new Random(42));
    int near = 0;
    for (int i = 1; i < count; i++) {
      near += Math.abs(order.applyAsInt(i) - order.applyAsInt(i - 1)) < count / 100 ? 1 : 0;
    }
    // Of a random order, 1.99 % of all steps are that short.
    assertThat(near / (double) count).isBetween(0.015, 0.025);
  }
}
