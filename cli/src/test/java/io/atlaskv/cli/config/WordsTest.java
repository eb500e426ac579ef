package io.atlaskv.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
  @Test
  void wordsAreSeparatedByBlanksAndQuoted() {
    assertThat(Words.split("  save 900\t1 ")).containsExactly("save", "900", "1");
    assertThat(Words.split("a \"b c\" 'd \"e'")).containsExactly("a", "b c", "d \"e");
    assertThat(Words.split("a \"\\x41\\n\\\"\\q\\x4\"")).containsExactly("a", "A\n\"qx4");
    assertThat(Words.split("a 'it\\'s' '\\n'")).containsExactly("a", "it's", "\\n");
    assertThat(Words.split("logfile ''")).containsExactly("logfile", "");
    assertThat(Words.split("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a \"b", "a 'b", "a \"b\"c", "a 'b'c", "\"", "a \"b\\\""})
  void aQuoteThatIsNotClosedOrFollowedIsRefused(String line) {
    assertThat(Words.split(line)).isNull();
  }

  @Test
  void whatIsQuotedIsReadAgain() {
    long seed = Long.getLong("atlaskv.seed", 42);
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      var word = new StringBuilder();
      for (int i = random.nextInt(8); i >= 0; i--) {
        word.append((char) random.nextInt(128));
      }
      String text = word.toString();
      String repro = "rerun: -Dtest=WordsTest -Datlaskv.seed=" + seed;
      assertThat(Words.split(Words.quote(text))).as(repro).isEqualTo(List.of(text));
      assertThat(Words.split(Words.quoteIfNeeded(text))).as(repro).isEqualTo(List.of(text));
    }
  }
}
