package io.atlaskv.bench.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.testkit.process.ServerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ContenderTest {
  /// The names are those of the JVM that runs this, as Linux has them.
  @Test
  void compilersOfThisJvmAreFoundByName() throws IOException {
    boolean isFound = false;
    try (var threads = Files.list(Path.of("/proc/self/task"))) {
      for (var thread : (Iterable<Path>) threads::iterator) {
        isFound |= Contender.isCompiler(Files.readString(thread.resolve("comm")).strip());
      }
    }
    assertTrue(isFound);
  }

  @Test
  void loopsAreNoCompilers() {
    var atlasKv = Contender.atlasKv(ServerCommand.of("./atlaskv server"), "os");
    assertTrue(atlasKv.isLoop("atlas-loop-0"));
    assertFalse(Contender.isCompiler("atlas-loop-0"));
    assertFalse(Contender.isCompiler("redis-server"));
  }
}
