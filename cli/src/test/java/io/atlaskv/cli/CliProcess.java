package io.atlaskv.cli;

import io.atlaskv.testkit.process.ServerCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `atlaskv server` in a process of its own.
public final class CliProcess {
  private CliProcess() {}

  /// How it is started, on a free port.
  public static ServerCommand server(String... flags) {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                classes,
                "io.atlaskv.cli.Main",
                "server",
                "--port",
                "0",
                "--dir",
                "{dir}"));
    words.addAll(List.of(flags));
    return new ServerCommand(words);
  }
}
