package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
