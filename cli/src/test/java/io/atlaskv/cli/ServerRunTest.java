package io.atlaskv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.EngineStore;
import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  @CsvSource({
    "-::1 127.0.0.1, --http-port",
    "-::1 127.0.0.1, --native-port",
    "* 127.0.0.1, --native-port"
  })
  void itStartsWithoutIpv6(String bind, String door) {
    var words = new ArrayList<>(CliProcess.server("--bind", bind, door, "0").words());
    words.add(1, "-Djava.net.preferIPv4Stack=true");
    try (ServerProcess server =
        ServerProcess.start(new ServerCommand(words), directory.resolve("data"), PATIENCE)) {
      assertThat(server.stop(PATIENCE)).isZero();
    }
  }

  /// A directory that a later version has written to, say.
  @Test
  void aStoreWhoseRecordsItDoesNotKnowIsOneSentence() {
    Path data = directory.resolve("data");
    byte[] recordOfDatabase0 = {0, 0, 0, 0, 'D', 0, 0, 0, 0};
    try (Engine engine = EngineOpener.open(data, Options.DEFAULT);
        Batch batch = new EngineStore(engine, () -> null).newBatch()) {
      batch.put(recordOfDatabase0, 0, recordOfDatabase0.length, 0);
      new EngineStore(engine, () -> null).commit(batch);
    }
    assertThatStartFails(
        data, data + ": record of a database has an unknown version or is cut short");
  }

  @Test
  void aDirectoryThatCannotBeOpenedIsNamedOnce() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatStartFails(file, file + ": opening the directory failed: exists already");
  }

  private static void assertThatStartFails(Path data, String sentence) {
    var out = new StringWriter();
    var err = new StringWriter();
    List<String> line = List.of("server", "--dir", data.toString(), "--port", "0");
    int code = Main.run(line, new PrintWriter(out, true), new PrintWriter(err, true));
    assertThat(code).isEqualTo(Main.EXIT_FAILED);
    assertThat(err.toString()).isEqualToNormalizingNewlines("atlaskv server: " + sentence + "\n");
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
