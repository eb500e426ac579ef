package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.RespReply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

/// Clients that ask for much and never read: they must not cost the server its memory, nor others
/// their time.
final class SlowReaderScenario {
  private static final int VALUE_BYTES = 1 << 20;
  private static final int SLOW_CLIENTS = 20;
  private static final int REQUESTS_EACH = 200;
  private static final int PINGS = 2000;
  private static final Duration PING_MAX = Duration.ofSeconds(10); // they never read
  private static final int LIMIT_MIB = 512;
  private static final long RSS_KIB_MAX = LIMIT_MIB * 1024 * 12 / 10;

  private SlowReaderScenario() {}

  static void run(ServerLauncher launcher, Path directory) throws IOException {
    try (var server = launcher.start(directory, "--memory-limit", LIMIT_MIB + "mb");
        var other = server.connect()) {
      var set = other.call("SET", "big", "x".repeat(VALUE_BYTES));
      Scenario.require(set.equals(new RespReply.Status("OK")), "SET was answered " + set);
      var statistics = new ProcessStatistics(server.pid());
      var slow = new ArrayList<RawConnection>();
      try {
        for (int client = 0; client < SLOW_CLIENTS; client++) {
          var connection = new RawConnection(server.port());
          slow.add(connection);
          connection.send("*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n".repeat(REQUESTS_EACH));
        }
        long rss = 0;
        for (int i = 0; i < PINGS; i++) {
          long start = System.nanoTime();
          Scenario.require(other.call("PING").equals(new RespReply.Status("PONG")), "no PONG");
          long nanos = System.nanoTime() - start;
          Scenario.require(nanos < PING_MAX.toNanos(), "a PING took " + nanos / 1_000_000 + " ms");
          rss = Math.max(rss, statistics.statusKib("RssAnon"));
        }
        Scenario.require(
            rss <= RSS_KIB_MAX,
            SLOW_CLIENTS + " clients that do not read: RssAnon " + rss + " KiB, over limit + 20 %");
      } finally {
        for (var connection : slow) {
          connection.close();
        }
      }
      MalformedInputScenario.requireAlive(server);
    }
  }
}
