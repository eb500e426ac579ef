package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.RespReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Starts that cannot succeed.
final class StartScenarios {
  private StartScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "unknown flag",
            (launcher, _) -> launcher.requireRefusal("did you mean 'port'", "--prot")),
        new Scenario(
            "durability that does not exist",
            (launcher, _) -> launcher.requireRefusal("sometimes", "--durability", "sometimes")),
        new Scenario(
            "memory limit that is no size",
            (launcher, _) -> launcher.requireRefusal("12parsecs", "--memory-limit", "12parsecs")),
        new Scenario(
            "port beyond 65535",
            (launcher, _) -> launcher.requireRefusal("70000", "--port", "70000")),
        new Scenario("port taken", StartScenarios::portTaken),
        new Scenario("directory in use by another process", StartScenarios::directoryInUse),
        new Scenario("lock file left by a kill", StartScenarios::staleLock),
        new Scenario("file in the place of the directory", StartScenarios::fileAsDirectory),
        new Scenario("read-only directory", StartScenarios::readOnlyDirectory));
  }

  private static void portTaken(ServerLauncher launcher, Path directory)
      throws IOException, InterruptedException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());
      launcher.requireRefusal(port, "--dir", directory.toString(), "--port", port);
    }
  }

  private static void directoryInUse(ServerLauncher launcher, Path directory)
      throws IOException, InterruptedException {
    try (var owner = launcher.start(directory);
        var connection = owner.connect()) {
      requireOk(connection.call("SET", "owner", "first"));
      launcher.requireRefusal(directory.toString(), "--dir", directory.toString(), "--port", "0");
      Scenario.require(
          connection.call("GET", "owner").equals(new RespReply.Bulk("first")),
          "the first process lost its data");
    }
  }

  private static void staleLock(ServerLauncher launcher, Path directory) {
    try (var killed = launcher.start(directory);
        var connection = killed.connect()) {
      requireOk(connection.call("SET", "key", "kept"));
      killed.kill();
    }
    try (var next = launcher.start(directory);
        var connection = next.connect()) {
      Scenario.require(
          connection.call("GET", "key").equals(new RespReply.Bulk("kept")), "the key is gone");
    }
  }

  private static void fileAsDirectory(ServerLauncher launcher, Path directory)
      throws IOException, InterruptedException {
    var file = Files.writeString(directory.resolve("file"), "not a store");
    launcher.requireRefusal(file.toString(), "--dir", file.toString(), "--port", "0");
  }

  private static void readOnlyDirectory(ServerLauncher launcher, Path directory) throws Exception {
    try (var disk = SmallDisk.mount(directory, 8)) {
      disk.makeReadOnly();
      launcher.requireRefusal(directory.toString(), "--dir", directory.toString(), "--port", "0");
    }
  }

  private static void requireOk(RespReply reply) {
    Scenario.require(reply.equals(new RespReply.Status("OK")), "answered " + reply);
  }
}
