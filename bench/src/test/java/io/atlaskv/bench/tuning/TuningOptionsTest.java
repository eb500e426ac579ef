package io.atlaskv.bench.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TuningOptionsTest {
  @Test
  void withoutFlagsAllIsMeasured() {
    var options = TuningOptions.parse();
    assertThat(TuningOptions.NAMES).allMatch(options::wants);
    assertThat(options.report()).isEmpty();
    assertThat(TuningOptions.parse("--knobs", "memtable").wants("tables")).isFalse();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> TuningOptions.parse("--knobs", "memtable,color"))
        .hasMessageContaining("unknown knob color");
    assertThatThrownBy(() -> TuningOptions.parse("--rounds")).hasMessageContaining("no value");
    assertThatThrownBy(() -> TuningOptions.parse("--size", "1")).hasMessageContaining("--size");
    assertThatThrownBy(() -> TuningOptions.parse("--rounds", "few"))
        .hasMessageStartingWith("--rounds 'few': must be a number from 1 to 2147483647\nusage: ");
    assertThatThrownBy(() -> TuningOptions.parse("--entries", "10"))
        .hasMessageContaining("entries=10 (at least 20000)");
  }
}
