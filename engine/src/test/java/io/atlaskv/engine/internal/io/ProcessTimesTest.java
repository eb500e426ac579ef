package io.atlaskv.engine.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProcessTimesTest {
  @Test
  void fieldsAreThoseAfterTheName() {
    String stat =
        "15404 (a (b) c d) S 1 2 3 4 5 6 7 8 9 10 812 34 5 6 20 0 41 0 99 1000 200 18446744073709551615\n";
    assertEquals(new ProcessTimes(8120, 340, 50, 60), ProcessTimes.of(stat));
  }

  @Test
  void theProcessHasUsedTime() {
    ProcessTimes times = ProcessTimes.now();
    assertThat(times.userMillis()).isPositive();
    assertThat(times.systemMillis()).isNotNegative();
  }
}
