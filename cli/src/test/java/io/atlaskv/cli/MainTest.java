package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesTheCommandsAndSucceeds() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: atlaskv", "server");
  }

  @Test
  void serverHelpNamesEveryFlag() {
    assertThat(run("server", "--help")).isZero();
    assertThat(out.toString())
        .contains("--port", "--bind", "--dir", "--durability", "--memory-limit")
        .contains("--memtable-size", "--wal-segment-size", "--table-size");
  }

  @Test
  void versionSucceeds() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("AtlasKV ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                     | atlaskv: which command? (see atlaskv --help)",
        "frob                   | atlaskv: Unmatched argument at index 0: 'frob' (see atlaskv --help)",
        "server --nope          | atlaskv server: Unknown option: '--nope' (see atlaskv server --help)",
        "server --port          | atlaskv server: Missing required parameter for option '--port' (PORT)"
            + " (see atlaskv server --help)",
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
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(Main.EXIT_USAGE);
    assertThat(err.toString()).isEqualTo(sentence + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... args) {
    return Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
