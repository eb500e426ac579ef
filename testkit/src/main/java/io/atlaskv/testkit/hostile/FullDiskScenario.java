package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A disk that fills up while the server writes, and later has room again.
final class FullDiskScenario {
  private static final int DISK_MIB = 64;
  private static final int BALLAST_MIB = 24;
  private static final int VALUE_BYTES = 4096;
  private static final int WRITES_MAX = 2 * DISK_MIB * 1024 * 1024 / VALUE_BYTES;
  private static final Duration RESUME_DEADLINE = Duration.ofSeconds(20);
  private static final long POLL_NANOS = 50_000_000;

  private FullDiskScenario() {}

  static void run(ServerLauncher launcher, Path directory)
      throws IOException, Scenario.ImpossibleHere {
    try (var disk = SmallDisk.mount(directory, DISK_MIB)) {
      var ballast = disk.directory().resolve("ballast");
      Files.write(ballast, new byte[BALLAST_MIB << 20]);
      var store = Files.createDirectory(disk.directory().resolve("store"));
      List<String> kept;
      try (var server = start(launcher, store);
          var connection = server.connect()) {
        kept = fillUntilRefused(connection);
        requireAll(connection, kept);
        Files.delete(ballast);
        awaitResumption(connection, kept);
        requireAll(connection, kept);
        server.kill();
      }
      try (var server = start(launcher, store);
          var connection = server.connect()) {
        requireAll(connection, kept);
      }
    }
  }

  private static ServerProcess start(ServerLauncher launcher, Path store) {
    return launcher.start(store, "--memtable-size", "2mb", "--wal-segment-size", "4mb");
  }

  /// Returns the keys whose writes were acknowledged. The refusal must be an error reply.
  private static List<String> fillUntilRefused(RespConnection connection) {
    var kept = new ArrayList<String>();
    for (int i = 0; i < WRITES_MAX; i++) {
      var key = "row:" + i;
      if (connection.call("SET", key, value(key)) instanceof RespReply.Failure(String why)) {
        Scenario.require(
            why.startsWith("MISCONF") || why.startsWith("ERR") || why.startsWith("READONLY"),
            "refused with " + why);
        return kept;
      }
      kept.add(key);
    }
    throw new IllegalStateException("wrote twice the size of the disk without an error");
  }

  private static void awaitResumption(RespConnection connection, List<String> kept) {
    long end = System.nanoTime() + RESUME_DEADLINE.toNanos();
    var key = "row:again";
    while (connection.call("SET", key, value(key)) instanceof RespReply.Failure(String why)) {
      Scenario.require(
          System.nanoTime() < end, "there is room again, but a write is refused: " + why);
      LockSupport.parkNanos(POLL_NANOS);
    }
    kept.add(key);
  }

  private static void requireAll(RespConnection connection, List<String> keys) {
    for (var key : keys) {
      Scenario.require(
          connection.call("GET", key).equals(new RespReply.Bulk(value(key))),
          key + " was acknowledged, but is not there");
    }
  }

  /// Does not compress, else the store makes room by itself.
  private static String value(String key) {
    var random = new Random(key.hashCode());
    var value = new StringBuilder(VALUE_BYTES);
    while (value.length() < VALUE_BYTES) {
      value.append(Long.toUnsignedString(random.nextLong(), 36));
    }
    return value.toString();
  }
}
