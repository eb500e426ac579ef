package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Starts the server under test, with `--port 0` and a directory where none are given.
record ServerLauncher(ServerCommand server) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /// The same server with so many file descriptors.
  ServerLauncher withFileLimit(int count) {
    var limited = List.of("bash", "-c", "ulimit -n " + count + " && exec \"$@\"", "bash");
    return new ServerLauncher(
        new ServerCommand(Stream.concat(limited.stream(), server.words().stream()).toList()));
  }

  ServerProcess start(Path directory, String... flags) {
    var command = server.with("--dir", directory.toString(), "--port", "0").with(flags);
    return ServerProcess.start(command, directory, DEADLINE);
  }

  /// Starts a server that must refuse: exits with an error, after one sentence that has `word` in
  /// it.
  void requireRefusal(String word, String... flags) throws IOException, InterruptedException {
    var words = Stream.concat(server.words().stream(), Arrays.stream(flags)).toList();
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try {
      boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      Scenario.require(ended, "still running: " + words);
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var shown = words + " printed:\n" + text;
      Scenario.require(process.exitValue() != 0, "exit code 0: " + shown);
      Scenario.require(text.contains(word), "'" + word + "' is not mentioned: " + shown);
      Scenario.require(!text.contains("\tat "), "a stack trace: " + shown);
      Scenario.require(
          text.lines().filter(line -> !line.isBlank()).count() == 1, "not one sentence: " + shown);
    } finally {
      process.destroyForcibly();
    }
  }
}
