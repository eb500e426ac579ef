package io.atlaskv.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedLineTest {
  @Test
  void wordsAreSplitAtBlanks() {
    assertThat(split("  set\tk   v ")).containsExactly("set", "k", "v");
    assertThat(split("")).isEmpty();
    assertThat(split(" \t ")).isEmpty();
  }

  @Test
  void quotesKeepBlanksAndUnescape() {
    assertThat(split("set k \"a b\" 'c d'")).containsExactly("set", "k", "a b", "c d");
    assertThat(split("\"\\x41\\n\\\"\\\\\" '\\'\\n'")).containsExactly("A\n\"\\", "'\\n");
    assertThat(split("'' \"\"")).containsExactly("", "");
    assertThat(split("\"\\xZZ\"")).containsExactly("xZZ");
  }

  @Test
  void escapesMakeAnyByte() {
    List<Bytes> words = TypedLine.split("\"\\x00\\xff\"");
    assertThat(words).containsExactly(Bytes.of(new byte[] {0, (byte) 0xff}));
  }

  @Test
  void textOfAnyLanguageIsUtf8() {
    assertThat(TypedLine.split("schlüssel"))
        .containsExactly(Bytes.of("schlüssel".getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a", "'a", "\"a\"b", "'a'b", "set k \"", "\"\\"})
  void unbalancedQuotesAreRefused(String line) {
    assertThat(TypedLine.split(line)).isNull();
  }

  private static List<String> split(String line) {
    return TypedLine.split(line).stream().map(Bytes::text).toList();
  }
}
