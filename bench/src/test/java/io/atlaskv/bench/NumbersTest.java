package io.atlaskv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final Numbers NUMBERS =
      Numbers.of("bench/x").with("ROUNDS", 3, 1).with("MIB", 16, 0);

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(NUMBERS.parse()).containsExactly(3, 16);
    assertThat(NUMBERS.parse("1")).containsExactly(1, 16);
    assertThat(NUMBERS.parse("1", "0")).containsExactly(1, 0);
  }

  @Test
  void mistakesNameArgumentValueAndLimits() {
    String usage =
        """
        usage: bench/x [ROUNDS [MIB]]
          ROUNDS  at least 1 (default: 3)
          MIB  at least 0 (default: 16)\
        """;
    assertThatThrownBy(() -> NUMBERS.parse("many"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ROUNDS 'many': must be a number from 1 to 2147483647\n" + usage);
    assertThatThrownBy(() -> NUMBERS.parse("1", "-1"))
        .hasMessage("MIB '-1': must be a number from 0 to 2147483647\n" + usage);
    assertThatThrownBy(() -> NUMBERS.parse("3000000000"))
        .hasMessageStartingWith("ROUNDS '3000000000': must be a number from 1 to 2147483647\n");
    assertThatThrownBy(() -> NUMBERS.parse("1", "2", "3"))
        .hasMessage("too many arguments: '3'\n" + usage);
  }

  @Test
  void numbersOfFlagsMayBeLong() {
    assertThat(Numbers.longNumber("--bytes", "3000000000", 1, "")).isEqualTo(3_000_000_000L);
    assertThatThrownBy(() -> Numbers.longNumber("--bytes", "", 1, "usage"))
        .hasMessage("--bytes '': must be a number from 1 to 9223372036854775807\nusage");
  }
}
