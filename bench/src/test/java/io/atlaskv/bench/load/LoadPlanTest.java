package io.atlaskv.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadPlanTest {
  @Test
  void itsWordsAreReadAgain() {
    var plan = LoadPlan.of(7000, "GET key:{key}").withRate(2.5).withSeed(-3).withChannel("c");
    assertThat(LoadPlan.parse(plan.words())).isEqualTo(plan);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port x GET k | --port 'x': must be a number from 0 to 2147483647",
        "--clients 0 GET k | --clients '0': must be a number from 1 to 2147483647",
        "--rate fast GET k | --rate 'fast': must be 0 or more",
        "--rate NaN GET k | --rate 'NaN': must be 0 or more",
        "--client 5 GET k | unknown flag --client",
        "--port | --port has no value",
        "--port 1 | no request"
      })
  void mistakesAreTold(String words, String sentence) {
    assertThatThrownBy(() -> LoadPlan.parse(List.of(words.split(" ", -1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence + "\nusage: bench/load ");
  }
}
