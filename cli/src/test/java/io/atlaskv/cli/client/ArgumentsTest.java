package io.atlaskv.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  private static final List<Flag> KNOWN =
      List.of(new Flag("--port", "PORT", "a port"), Flag.bare("--json", "in JSON"));

  @Test
  void flagsAndWordsMayBeMixed() throws MisuseException {
    Arguments read = read(false, "a", "--json", "b", "--port", "7", "-");
    assertThat(read.words()).containsExactly("a", "b", "-");
    assertThat(read.has("--json")).isTrue();
    assertThat(read.number("--port", 1, 1, 10)).isEqualTo(7);
    assertThat(read(false, "--port=8").number("--port", 1, 1, 10)).isEqualTo(8);
    assertThat(read(false).number("--port", 1, 1, 10)).isEqualTo(1);
  }

  @Test
  void afterTwoDashesAllIsWords() throws MisuseException {
    assertThat(read(false, "--json", "--", "--port", "--").words()).containsExactly("--port", "--");
  }

  @Test
  void aCommandForTheServerKeepsItsWords() throws MisuseException {
    Arguments read = read(true, "--json", "set", "--port", "-x", "--");
    assertThat(read.words()).containsExactly("set", "--port", "-x", "--");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nope          | unknown flag '--nope' (words that begin with - go after --)",
        "--port          | --port needs a value: --port PORT",
        "--json=1        | --json takes no value",
        "--json,--json   | --json is given twice",
        "--port=x        | --port 'x': must be a number from 1 to 10",
        "--port=11       | --port '11': must be a number from 1 to 10",
        "--port=0        | --port '0': must be a number from 1 to 10",
      })
  void mistakesAreOneSentence(String arguments, String sentence) {
    assertThatThrownBy(() -> read(false, arguments.split(",")).number("--port", 1, 1, 10))
        .isInstanceOf(MisuseException.class)
        .hasMessage(sentence);
  }

  @Test
  void wordsOfACommandLineAreFoundFromItsEnd() {
    byte[] line = "java\0-cp\0x\0Main\0put\0schlüssel\0\0".getBytes(StandardCharsets.UTF_8);
    assertThat(RawArguments.last(line, 3)).containsExactly("put", "schlüssel", "");
    assertThat(RawArguments.last(line, 0)).isEmpty();
  }

  @Test
  void theHistoryKeepsNoPasswords() {
    for (String line :
        List.of(
            "AUTH x",
            " auth u x",
            "'auth' x",
            "hello 3 auth u x",
            "migrate h 6379 k 0 5000 AUTH2 u x",
            "ACL SETUSER u on >x",
            "CONFIG SET tls-key-file-pass x",
            "CONFIG SET tls-client-key-file-pass x",
            "AUTH x\nPING\n",
            "\nhello 3\nauth u x",
            "CONFIG SET requirepass x",
            "config set " + "maxclients 5 masterauth x")) {
      assertThat(DiscreetHistory.isSecret(line)).as(line).isTrue();
    }
    for (String line : List.of("get author", "hello 3", "set a auth", "config get *")) {
      assertThat(DiscreetHistory.isSecret(line)).as(line).isFalse();
    }
  }

  private static Arguments read(boolean endAtWord, String... arguments) throws MisuseException {
    return Arguments.read(KNOWN, List.of(arguments), endAtWord);
  }
}
