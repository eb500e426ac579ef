package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The life of a server process.
class ServerRunTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private ServerProcess start(Path pidFile) {
    return ServerProcess.start(
        CliProcess.server("--pidfile", pidFile.toString()), directory.resolve("data"), PATIENCE);
  }

  @Test
  void thePidFileIsThereWhileItRuns() throws IOException {
    Path pidFile = directory.resolve("atlaskv.pid");
    try (ServerProcess server = start(pidFile)) {
      assertThat(pidFile).hasContent(Long.toString(server.pid()));
      assertThat(server.stop(PATIENCE)).isZero();
      assertThat(pidFile).doesNotExist();
    }
  }

  /// As on a machine whose kernel has none.
  @ParameterizedTest
  @CsvSource({"-::1 127.0.0.1, --http-port", "* 127.0.0.1, --native-port"})
  void itStartsWithoutIpv6(String bind, String door) {
    var words = new ArrayList<>(CliProcess.server("--bind", bind, door, "0").words());
    words.add(1, "-Djava.net.preferIPv4Stack=true");
    try (ServerProcess server =
        ServerProcess.start(new ServerCommand(words), directory.resolve("data"), PATIENCE)) {
      assertThat(server.stop(PATIENCE)).isZero();
    }
  }

  @Test
  void aPidFileThatCannotBeWrittenIsLeftAloneAndNoFailure() throws IOException {
    Path pidFile = directory.resolve("atlaskv.pid");
    Files.createDirectories(pidFile.resolve("others"));
    try (ServerProcess server = start(pidFile)) {
      assertThat(server.stop(PATIENCE)).isZero();
      assertThat(server.lastOutput()).contains("Failed to write PID file: ");
      assertThat(pidFile.resolve("others")).exists();
    }
  }
}
