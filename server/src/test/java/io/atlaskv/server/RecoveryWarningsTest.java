package io.atlaskv.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.redis.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is told to pass over damage of its log says what it has passed over.
class RecoveryWarningsTest {
  private static final String NEEDLE = "the value that is damaged";

  @TempDir Path directory;

  private final List<String> heard = new ArrayList<>();
  private final Logger target = Logger.getLogger(AtlasServer.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          heard.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    target.setUseParentHandlers(false);
    target.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    target.removeHandler(handler);
    target.setUseParentHandlers(true);
  }

  private Settings settings() {
    return TestSettings.of(directory, 1);
  }

  /// Changes a byte of the value in the log; its file.
  private String damage() throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(directory)) {
      logs = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
    for (Path log : logs) {
      byte[] bytes = Files.readAllBytes(log);
      int at = new String(bytes, ISO_8859_1).indexOf(NEEDLE);
      if (at >= 0) {
        bytes[at] ^= 1;
        Files.write(log, bytes);
        return log.getFileName().toString();
      }
    }
    throw new AssertionError("not in " + logs);
  }

  @Test
  void eachLossIsAWarning() throws IOException {
    try (AtlasServer server = AtlasServer.start(settings(), "test");
        var jedis = TestClient.of(server)) {
      jedis.set("before", "1");
      jedis.set("damaged", NEEDLE);
      jedis.set("after", "2");
    }
    assertThat(heard).isEmpty();
    String file = damage();
    assertThrows(CorruptionException.class, () -> AtlasServer.start(settings(), "test"));
    Settings skipping = settings().with("recovery", "skip-corrupt");
    try (AtlasServer server = AtlasServer.start(skipping, "test");
        var jedis = TestClient.of(server)) {
      assertThat(jedis.mget("before", "damaged", "after")).containsExactly("1", null, "2");
      assertThat(heard)
          .singleElement()
          .asString()
          .matches(
              "WARNING damage of the log was passed over: "
                  + file
                  + "@[0-9]+: .*, [1-9] writes? lost");
    }
    heard.clear();
    try (AtlasServer server = AtlasServer.start(settings(), "test")) {
      assertThat(server.warnings()).isEmpty();
      assertThat(heard).isEmpty();
    }
  }
}
