package io.atlaskv.testkit.hostile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A file system in memory that is small enough to be filled.
record SmallDisk(Path directory) implements AutoCloseable {
  static SmallDisk mount(Path directory, int mib) throws IOException, Scenario.ImpossibleHere {
    var said =
        run("mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "tmpfs", directory.toString());
    if (!said.isEmpty()) {
      throw new Scenario.ImpossibleHere("mount: " + said);
    }
    return new SmallDisk(directory);
  }

  void makeReadOnly() throws IOException {
    var said = run("mount", "-o", "remount,ro", directory.toString());
    Scenario.require(said.isEmpty(), said);
  }

  @Override
  public void close() throws IOException {
    var said = run("umount", directory.toString());
    Scenario.require(said.isEmpty(), said);
  }

  /// Empty if the command succeeded, else what it printed.
  private static String run(String... words) throws IOException {
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int exitCode = process.waitFor();
      return exitCode == 0 ? "" : "exit code " + exitCode + ": " + text.strip();
    } catch (InterruptedException e) {
      throw new IOException("interrupted while running " + List.of(words), e);
    }
  }
}
