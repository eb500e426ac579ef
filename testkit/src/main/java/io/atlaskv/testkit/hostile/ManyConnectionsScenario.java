package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ProcessStatistics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// As many connections as the server takes, one in a hundred of them active: it answers all in
/// time, for little memory each, and tells the next one that there is no place.
final class ManyConnectionsScenario {
  private static final int CONNECTIONS = 10_000;
  private static final int ACTIVE_EVERY = 100;
  private static final int ROUNDS = 60;
  private static final int WARM_UP_ROUNDS = 10;

  /// A machine that others use may pause for longer than the limit, but hardly in each of them.
  private static final int SERIES_MAX = 3;

  private static final long RSS_KIB_MAX = 500 * 1024;
  private static final long P99_NANOS_MAX = 50_000_000;
  private static final Duration PLACE_DEADLINE = Duration.ofSeconds(20);
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PONG = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);

  private ManyConnectionsScenario() {}

  static void run(ServerLauncher launcher, Path directory) throws IOException {
    var connections = new ArrayList<SocketChannel>();
    try (var server = launcher.start(directory)) {
      var statistics = new ProcessStatistics(server.pid());
      long before = statistics.statusKib("RssAnon");
      long start = System.nanoTime();
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(connect(server.port()));
      }
      pingAll(connections); // each of them is a client of the server, not of its backlog
      long connectMillis = (System.nanoTime() - start) / 1_000_000;
      var active = new ArrayList<SocketChannel>();
      for (int i = 0; i < CONNECTIONS; i += ACTIVE_EVERY) {
        active.add(connections.get(i));
      }
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        pingAll(active);
      }
      long[] nanos = sortedLatencies(active);
      for (int again = 1; again < SERIES_MAX && p99(nanos) >= P99_NANOS_MAX; again++) {
        nanos = sortedLatencies(active);
      }
      long p99 = p99(nanos);
      long growth = statistics.statusKib("RssAnon") - before;
      System.out.println(
          "         connected and answered in "
              + connectMillis
              + " ms, RssAnon +"
              + growth
              + " KiB, PING of "
              + active.size()
              + " at a time, µs: p50 "
              + nanos[nanos.length / 2] / 1000
              + ", p99 "
              + p99 / 1000
              + ", slowest "
              + nanos[nanos.length - 1] / 1000);
      Scenario.require(growth < RSS_KIB_MAX, "RssAnon grew by " + growth + " KiB");
      Scenario.require(p99 < P99_NANOS_MAX, "p99 of PING " + p99 / 1000 + " µs");
      requireRefused(server.port());
      connections.removeLast().close();
      awaitPlace(server.port());
      pingAll(connections);
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  private static long[] sortedLatencies(List<SocketChannel> connections) throws IOException {
    var nanos = new long[ROUNDS * connections.size()];
    for (int round = 0; round < ROUNDS; round++) {
      long[] latencies = pingAll(connections);
      System.arraycopy(latencies, 0, nanos, round * latencies.length, latencies.length);
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static long p99(long[] sorted) {
    return sorted[sorted.length * 99 / 100];
  }

  private static SocketChannel connect(int port) throws IOException {
    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /// Sends a PING on each, then reads all replies; returns the times from the one to the other.
  private static long[] pingAll(List<SocketChannel> connections) throws IOException {
    long[] nanos = new long[connections.size()];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = System.nanoTime();
      connections.get(i).write(ByteBuffer.wrap(PING));
    }
    var reply = ByteBuffer.allocate(PONG.length);
    for (int i = 0; i < nanos.length; i++) {
      reply.clear();
      while (reply.hasRemaining()) {
        Scenario.require(connections.get(i).read(reply) >= 0, "connection " + i + " was closed");
      }
      Scenario.require(Arrays.equals(reply.array(), PONG), "connection " + i + " got no PONG");
      nanos[i] = System.nanoTime() - nanos[i];
    }
    return nanos;
  }

  private static void requireRefused(int port) throws IOException {
    try (var oneTooMany = new RawConnection(port)) {
      var reply = oneTooMany.finish(10_000);
      Scenario.require(
          reply.startsWith("-ERR max number of clients reached"),
          "one connection too many was answered '" + reply + "'");
    }
  }

  /// The server notices that a client is gone; the next one gets its place.
  private static void awaitPlace(int port) throws IOException {
    long end = System.nanoTime() + PLACE_DEADLINE.toNanos();
    while (System.nanoTime() < end) {
      try (var next = new RawConnection(port)) {
        next.send("PING\r\n");
        if (next.finish(10_000).equals("+PONG\r\n")) {
          return;
        }
      }
    }
    throw new IllegalStateException("a client left, but nobody gets its place");
  }
}
