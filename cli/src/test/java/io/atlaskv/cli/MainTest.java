package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesTheCommandsAndSucceeds() {
    assertThat(run(List.of("--help"))).isZero();
    assertThat(out.toString()).contains("Usage: atlaskv", "server");
  }

  @Test
  void serverHelpNamesEveryFlag() {
    assertThat(run(List.of("server", "--help"))).isZero();
    assertThat(out.toString())
        .contains("--port", "--bind", "--dir", "--durability", "--memory-limit")
        .contains("--loops", "--memtable-size", "--wal-segment-size", "--table-size");
  }

  @Test
  void versionSucceeds() {
    assertThat(run(List.of("--version"))).isZero();
    assertThat(out.toString()).startsWith("AtlasKV ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                     | atlaskv: which command? (see atlaskv --help)",
        "frob                   | atlaskv: unknown command 'frob' (see atlaskv --help)",
        "--frob                 | atlaskv: unknown flag '--frob' (see atlaskv --help)",
        "server --nope          | atlaskv server: unknown flag '--nope' (see atlaskv server --help)",
        "server 6380            | atlaskv server: unexpected argument '6380' (see atlaskv server --help)",
        "server --port          | atlaskv server: --port needs a value: --port PORT"
            + " (see atlaskv server --help)",
        "server --port 1 --port=2 | atlaskv server: --port is given twice (see atlaskv server --help)",
        "server --port=70000    | atlaskv server: --port '70000': must be a number from 0 to 65535"
            + " (see atlaskv server --help)",
        "server --port=-1       | atlaskv server: --port '-1': must be a number from 0 to 65535"
            + " (see atlaskv server --help)",
        "server --memory-limit=lots | atlaskv server: --memory-limit 'lots': must be a number of"
            + " bytes, or one with kb, mb or gb (see atlaskv server --help)",
        "server --durability=sometimes | atlaskv server: --durability 'sometimes': durability must"
            + " be always, interval:<n>ms, interval:<n>s, everysec, os or no, is 'sometimes'"
            + " (see atlaskv server --help)"
      })
  void mistakeIsOneSentenceThatNamesFlagValueAndWhatIsAllowed(String line, String sentence) {
    List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
    assertThat(run(arguments)).isEqualTo(Main.EXIT_USAGE);
    assertThat(err.toString()).isEqualTo(sentence + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  private int run(List<String> arguments) {
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
