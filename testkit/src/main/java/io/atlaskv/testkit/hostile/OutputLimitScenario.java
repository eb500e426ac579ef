package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import java.io.IOException;
import java.nio.file.Path;

/// Clients that never read, under `client-output-buffer-limit`: they are closed, others go on.
final class OutputLimitScenario {
  private static final int VALUE_BYTES = 1 << 16;
  private static final int REPLIES = 2000;
  private static final long DEADLINE_NANOS = 20_000_000_000L;

  private OutputLimitScenario() {}

  static void reader(ServerLauncher launcher, Path directory) throws IOException {
    try (var server = launcher.start(directory);
        var other = server.connect();
        var slow = new RawConnection(server.port())) {
      requireOk(other.call("CONFIG", "SET", "client-output-buffer-limit", "normal 1mb 0 0"));
      requireOk(other.call("SET", "big", "x".repeat(VALUE_BYTES)));
      slow.send("CLIENT SETNAME slow\r\n");
      slow.send("*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n".repeat(REPLIES));
      awaitClosed(other);
      MalformedInputScenario.requireAlive(server);
    }
  }

  static void subscriber(ServerLauncher launcher, Path directory) throws IOException {
    try (var server = launcher.start(directory);
        var other = server.connect();
        var slow = new RawConnection(server.port())) {
      requireOk(other.call("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 0 0"));
      slow.send("CLIENT SETNAME slow\r\nSUBSCRIBE news\r\n");
      var message = "x".repeat(VALUE_BYTES);
      long end = System.nanoTime() + DEADLINE_NANOS;
      long heard = 0;
      while (!other.call("PUBLISH", "news", message).equals(new RespReply.Int(1))) {
        Scenario.require(System.nanoTime() < end, "the subscriber never came");
      }
      while (other.call("PUBLISH", "news", message).equals(new RespReply.Int(1))) {
        heard++;
        Scenario.require(
            heard < REPLIES, "published " + heard + " messages to one that does not read");
      }
      awaitClosed(other);
      MalformedInputScenario.requireAlive(server);
    }
  }

  private static void awaitClosed(RespConnection other) {
    long end = System.nanoTime() + DEADLINE_NANOS;
    while (clients(other).contains("name=slow")) {
      Scenario.require(System.nanoTime() < end, "the slow client is still there");
    }
  }

  private static String clients(RespConnection other) {
    return other.call("CLIENT", "LIST") instanceof RespReply.Bulk(String list) ? list : "";
  }

  private static void requireOk(RespReply reply) {
    Scenario.require(reply.equals(new RespReply.Status("OK")), "answered " + reply);
  }
}
