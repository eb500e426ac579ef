package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.RespReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;

/// Clients that have not said the password: short requests only, few replies unread, and nothing
/// that they hold makes the server grow.
final class StrangerScenario {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int STRANGERS = 200;
  private static final int UNREAD = 20_000;
  private static final long GROWTH_KIB_MAX = 64 * 1024;

  private StrangerScenario() {}

  static void run(ServerLauncher launcher, Path directory) throws IOException {
    try (var server = launcher.start(directory);
        var friend = server.connect()) {
      var set = friend.call("CONFIG", "SET", "requirepass", "secret");
      Scenario.require(set.equals(new RespReply.Status("OK")), "requirepass: " + set);
      refused(server.port(), "PING\r\n", "-NOAUTH Authentication required.");
      refused(server.port(), "*11\r\n", "-ERR Protocol error: unauthenticated multibulk length");
      refused(
          server.port(),
          "*2\r\n$4\r\nAUTH\r\n$16385\r\n",
          "-ERR Protocol error: unauthenticated bulk length");
      var statistics = new ProcessStatistics(server.pid());
      long before = statistics.statusKib("RssAnon");
      var strangers = new ArrayList<RawConnection>();
      try {
        for (int i = 0; i < STRANGERS; i++) {
          var stranger = new RawConnection(server.port());
          strangers.add(stranger);
          stranger.send("PING\r\n".repeat(UNREAD));
          stranger.send("*2\r\n$4\r\nAUTH\r\n$16000\r\n" + "x".repeat(8000));
          Scenario.require(
              friend.call("PING").equals(new RespReply.Status("PONG")), "no PONG any more");
        }
        long growth = statistics.statusKib("RssAnon") - before;
        Scenario.require(growth < GROWTH_KIB_MAX, STRANGERS + " strangers cost " + growth + " KiB");
      } finally {
        for (var stranger : strangers) {
          stranger.close();
        }
      }
    }
  }

  private static void refused(int port, String bytes, String wanted) throws IOException {
    try (var stranger = new RawConnection(port)) {
      stranger.send(bytes);
      var reply = stranger.finish(TIMEOUT_MILLIS);
      Scenario.require(
          reply.equals(wanted + "\r\n"), bytes.strip() + " was answered '" + reply + "'");
    }
  }
}
