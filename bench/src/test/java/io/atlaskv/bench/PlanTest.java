package io.atlaskv.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Benchmarks whose arguments are `name=value`.
class PlanTest {
  @Test
  void whatIsNotGivenHasItsDefault() {
    var scan = PrefixScanBenchmark.Plan.parse("tables=3", "memory=64,8");
    assertThat(scan).isEqualTo(new PrefixScanBenchmark.Plan(800_000, 3, 50_000, 3, scan.memory()));
    assertThat(scan.memory()).containsExactly(64, 8);
    var reads = MultiGetBenchmark.Plan.parse("batches=1", "memory=8");
    assertThat(reads.batches()).containsExactly(1);
    assertThat(reads.memory()).containsExactly(8);
    assertThat(reads.rows()).isEqualTo(1_000_000);
    var cache = RowCacheBenchmark.Plan.parse("memory=8+1", "loads=zipf1.1+writes,fits");
    assertThat(cache.rows()).isEqualTo(1_000_000);
    assertThat(cache.memory()).containsExactly("8+1");
    assertThat(cache.loads()).containsExactly("zipf1.1+writes", "fits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows=many | rows 'many': must be a number from 1 to 2147483647",
        "memory=8,x | memory 'x': must be a number from 1 to 2147483647",
        "10 | unknown argument 10",
        "=10 | unknown argument =10"
      })
  void mistakesInThatOfPrefixScansAreTold(String argument, String sentence) {
    assertThatThrownBy(() -> PrefixScanBenchmark.Plan.parse(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence + "\nusage: bench/prefix-scan ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batches=10,0 | batches '0': must be a number from 1 to 2147483647",
        "batch=10 | unknown argument batch=10"
      })
  void mistakesInThatOfReadsAtOnceAreTold(String argument, String sentence) {
    assertThatThrownBy(() -> MultiGetBenchmark.Plan.parse(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence + "\nusage: bench/multi-get ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "turns=0 | turns '0': must be a number from 1 to 2147483647",
        "memory=8 | memory '8'",
        "loads=fits,zipf | loads 'zipf'",
        "load=fits | unknown argument load=fits"
      })
  void mistakesInThatOfRowCachesAreTold(String argument, String sentence) {
    assertThatThrownBy(() -> RowCacheBenchmark.Plan.parse(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence + "\nusage: bench/row-cache ");
  }
}
