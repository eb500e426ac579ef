package io.atlaskv.server;

import io.atlaskv.redis.config.Settings;
import java.nio.file.Path;

/// What the tests start servers with: a free port, little memory.
final class TestSettings {
  private TestSettings() {}

  static Settings of(Path directory, int loops) {
    return new Settings()
        .with("port", "0")
        .with("dir", directory.toString())
        .with("memory-limit", "256mb")
        .with("loops", Integer.toString(loops));
  }
}
