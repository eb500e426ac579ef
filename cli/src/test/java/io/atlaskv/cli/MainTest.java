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
    assertThat(out.toString())
        .startsWith("Usage: atlaskv ")
        .contains("\n  server ", "\n  get ", "\n  doctor ", "\nEach of them ", "\n  --help");
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
        "--frob                 | atlaskv: unknown flag '--frob' (see atlaskv --help)"
      })
  void mistakeIsOneSentenceThatNamesFlagValueAndWhatIsAllowed(String line, String sentence) {
    List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
    assertThat(run(arguments)).isEqualTo(Main.EXIT_USAGE);
    assertThat(err.toString()).isEqualTo(sentence + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void mistakesOfTheServersSettingsAreToldAllAtOnce() {
    assertThat(run(List.of("server", "--prot", "1", "--port", "70000", "--dir", "")))
        .isEqualTo(Main.EXIT_USAGE);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            atlaskv server: command line: there is no setting 'prot', did you mean 'port'?
            atlaskv server: command line: 'port "70000"': argument must be between 0 and 65535\
             inclusive (allowed: a number from 0 to 65535)
            atlaskv server: command line: 'dir ""': argument must not be empty (allowed: a path)
            """);
    assertThat(out.toString()).isEmpty();
  }

  private int run(List<String> arguments) {
    return Main.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
