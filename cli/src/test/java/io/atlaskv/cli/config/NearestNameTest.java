package io.atlaskv.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({
    "port, port, 0",
    "prot, port, 1",
    "por, port, 1",
    "portt, port, 1",
    "pord, port, 1",
    "memorylimit, memory-limit, 1",
    "'', port, 4"
  })
  void editsAreCounted(String from, String to, int edits) {
    assertThat(NearestName.edits(from, to)).isEqualTo(edits);
  }

  @Test
  void onlyWhatIsNearIsOffered() {
    var known = List.of("port", "memory-limit", "bind");
    assertThat(NearestName.hint("memmory-limt", known)).isEqualTo(", did you mean 'memory-limit'?");
    assertThat(NearestName.hint("prot", known)).isEqualTo(", did you mean 'port'?");
    assertThat(NearestName.hint("xyzw", known)).isEmpty();
  }
}
