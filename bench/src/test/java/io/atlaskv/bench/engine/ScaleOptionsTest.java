package io.atlaskv.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScaleOptionsTest {
  @Test
  void readsListsAndSizes() {
    var options =
        ScaleOptions.parse(
            "--entries", "100000,200000", "--engines", "rocksdb", "--cache-mib", "32");
    assertThat(options.sizes()).containsExactly(100_000, 200_000);
    assertThat(options.engines()).containsExactly(Engine.ROCKSDB);
    assertThat(options.settings(Path.of("x")).cacheBytes()).isEqualTo(32L << 20);
    assertThat(options.report()).isEmpty();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> ScaleOptions.parse("--entries")).hasMessageContaining("no value");
    assertThatThrownBy(() -> ScaleOptions.parse("--size", "1")).hasMessageContaining("--size");
    assertThatThrownBy(() -> ScaleOptions.parse("--engines", "redis"))
        .hasMessageContaining("redis");
    assertThatThrownBy(() -> ScaleOptions.parse("--cache-mib", "1g"))
        .hasMessageStartingWith("--cache-mib '1g': must be a number from 1 to 2147483647\nusage: ");
    assertThatThrownBy(() -> ScaleOptions.parse("--entries", "1000000,x"))
        .hasMessageStartingWith("--entries 'x': must be a number");
    assertThatThrownBy(() -> ScaleOptions.parse("--entries", "1000000,10"))
        .hasMessageContaining("at least 20000");
  }
}
