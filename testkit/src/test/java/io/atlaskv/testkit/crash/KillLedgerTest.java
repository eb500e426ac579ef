package io.atlaskv.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.testkit.process.ServerCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ledger against a server that is right, and against planted faults, with real processes.
class KillLedgerTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @TempDir Path directory;

  @Test
  void passesServerThatKeepsItsWord() throws IOException {
    assertThat(KillLedger.run(options(ToyServer.Fault.NONE, 4), directory, out()))
        .as(this::printedText)
        .isTrue();
    assertThat(printedText()).contains("4 kills").contains(": 0 lost, 0 resurrected, 0 corrupt");
    assertThat(directory.resolve("series-0/ledger")).isNotEmptyFile();
  }

  @Test
  void failsRunThatHitNoPhase() throws IOException {
    assertThat(KillLedger.run(options(ToyServer.Fault.NONE, 1), directory, out())).isFalse();
    assertThat(printedText()).contains("proves too little");
  }

  @Test
  void findsForgottenWrites() throws IOException {
    var tally = KillLedger.tally(options(ToyServer.Fault.FORGETS_SETS, 2), directory, out());
    assertThat(tally.count(Finding.Kind.LOST)).as(this::printedText).isPositive();
  }

  @Test
  void findsKeysThatComeBack() throws IOException {
    var tally = KillLedger.tally(options(ToyServer.Fault.FORGETS_DELETES, 2), directory, out());
    assertThat(tally.count(Finding.Kind.RESURRECTED)).as(this::printedText).isPositive();
  }

  @Test
  void findsForeignBytes() throws IOException {
    var tally = KillLedger.tally(options(ToyServer.Fault.MIXES_UP_VALUES, 2), directory, out());
    assertThat(tally.count(Finding.Kind.CORRUPT)).as(this::printedText).isPositive();
  }

  private static KillLedgerOptions options(ToyServer.Fault fault, int kills) {
    var command =
        new ServerCommand(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ToyServer.class.getName(),
                "{dir}"));
    // The fault stands where a durability mode would: one series, and the fault is the last word.
    return new KillLedgerOptions(command, "--", List.of(fault.name()), kills, 2, 2000, 42, true);
  }

  private PrintStream out() {
    return new PrintStream(printed, true, StandardCharsets.UTF_8);
  }

  private String printedText() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
