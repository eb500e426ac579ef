package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.redis.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.exceptions.JedisDataException;

/// `CONFIG SET bind` and `port` of a server on real sockets. All of 127.0.0.0/8 is this machine.
class ListenersTest {
  private static final String ONE = "127.0.0.1";
  private static final String OTHER = "127.0.0.2";
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int REPLY_MILLIS_MAX = 30_000;

  @TempDir private Path directory;

  private Settings settings(int loops) {
    return TestSettings.of(directory, loops).with("bind", ONE);
  }

  private static String ping(String host, int port) throws IOException {
    try (var socket = new Socket()) {
      socket.setSoTimeout(REPLY_MILLIS_MAX);
      socket.connect(new InetSocketAddress(host, port), REPLY_MILLIS_MAX);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
    }
  }

  /// What goes is closed when the selector of its loop looks up, so this may take a moment.
  private static void awaitServed(String host, int port) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    IOException last = null;
    while (System.nanoTime() < end) {
      try {
        assertEquals("+PONG", ping(host, port));
        return;
      } catch (IOException e) {
        last = e;
      }
    }
    throw new AssertionError(host + " is not served", last);
  }

  private static void awaitRefused(String host, int port) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    IOException last = null;
    while (System.nanoTime() < end) {
      try {
        assertEquals("+PONG", ping(host, port));
      } catch (ConnectException _) {
        return;
      } catch (IOException e) {
        last = e; // it was closed with this connection
      }
    }
    throw new AssertionError(host + " is still served", last);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void fromOneAddressToAllAndBackOnTheSamePort(int loops) throws IOException {
    try (AtlasServer server = AtlasServer.start(settings(loops), "test");
        var jedis = TestClient.of(ONE, server)) {
      int port = server.port();
      for (int round = 0; round < 3; round++) {
        assertEquals("OK", jedis.configSet("bind", "*"));
        awaitServed(OTHER, port);
        awaitServed(ONE, port);
        assertEquals("OK", jedis.configSet("bind", ONE));
        awaitServed(ONE, port);
        awaitRefused(OTHER, port);
      }
      assertEquals(port, server.port());
      var second = settings(1).with("port", Integer.toString(port));
      assertThrows(IOException.class, () -> Listeners.open(second.network));
    }
  }

  /// As in Redis: whoever comes to that address would come to somebody else.
  @Test
  void anAddressWhosePortIsTakenIsNotMissing() throws IOException {
    String bind = "-" + OTHER + " " + ONE;
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName(OTHER))) {
      int port = taken.getLocalPort();
      var network =
          TestSettings.of(directory, 1)
              .with("bind", bind)
              .with("port", Integer.toString(port))
              .network;
      String start = "cannot listen on " + OTHER + ":" + port;
      var refusal = assertThrows(IOException.class, () -> Listeners.open(network));
      assertTrue(String.valueOf(refusal.getMessage()).startsWith(start), refusal.getMessage());
      List<ListenAddress> candidates = ListenAddress.candidates(bind);
      refusal = assertThrows(IOException.class, () -> ListeningSocket.open(candidates, port));
      assertTrue(String.valueOf(refusal.getMessage()).startsWith(start), refusal.getMessage());
    }
  }

  /// None of 192.0.2.0/24 is a machine.
  @ParameterizedTest
  @CsvSource({"127.0.0.1 -192.0.2.1, 127.0.0.1", "-192.0.2.1 * 127.0.0.1, *"})
  void itTellsWhereItListens(String bind, String host) throws IOException {
    Path socket = directory.resolve("s");
    Settings settings =
        TestSettings.of(directory.resolve("data"), 1)
            .with("bind", bind)
            .with("native-port", "0")
            .with("unixsocket", socket.toString());
    try (AtlasServer server = AtlasServer.start(settings, "test")) {
      assertEquals(List.of(host + ":" + server.port(), socket.toString()), server.addresses());
      assertEquals(
          Optional.of(host + ":" + server.nativePort().orElseThrow()), server.nativeAddress());
    }
  }

  /// As in Redis, the address of both ends is that of the socket.
  @Test
  void whoComesThroughTheUnixSocketIsOnThisMachine() throws IOException {
    Path socket = directory.resolve("s");
    Settings settings =
        TestSettings.of(directory.resolve("data"), 1)
            .with("unixsocket", socket.toString())
            .with("enable-debug-command", "local");
    try (AtlasServer server = AtlasServer.start(settings, "test");
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String requests = "DEBUG OBJECT none\r\nCLIENT KILL ADDR " + socket + ":0\r\nCLIENT INFO\r\n";
      channel.write(ByteBuffer.wrap(requests.getBytes(StandardCharsets.US_ASCII)));
      var replies =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.US_ASCII));
      assertEquals("-ERR no such key", replies.readLine());
      assertEquals(":0", replies.readLine(), "itself apart");
      assertTrue(replies.readLine().startsWith("$"));
      String info = replies.readLine();
      assertTrue(info.contains(" addr=" + socket + ":0 laddr=" + socket + ":0 "), info);
      assertTrue(server.port() > 0);
    }
  }

  /// What goes is closed when the selector looks up; the next change does not have to wait for
  /// that.
  @Test
  void changesOfOnePipeline() throws IOException {
    try (AtlasServer server = AtlasServer.start(settings(1), "test");
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(REPLY_MILLIS_MAX);
      var changes = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        changes.append("CONFIG SET bind ").append(i % 2 == 0 ? "*" : ONE).append("\r\n");
      }
      socket.getOutputStream().write(changes.toString().getBytes(StandardCharsets.US_ASCII));
      byte[] replies = socket.getInputStream().readNBytes(10 * "+OK\r\n".length());
      assertEquals("+OK\r\n".repeat(10), new String(replies, StandardCharsets.US_ASCII));
      awaitServed(ONE, server.port());
    }
  }

  @Test
  void aPlaceOfAnotherProcessIsNotSharedAndTheOldOneStays() throws IOException {
    try (AtlasServer server = AtlasServer.start(settings(1), "test");
        var jedis = TestClient.of(ONE, server);
        var foreign = new ServerSocket()) {
      foreign.bind(new InetSocketAddress(OTHER, server.port()));
      for (String taken : new String[] {"*", OTHER, ONE + " " + OTHER}) {
        var refusal = assertThrows(JedisDataException.class, () -> jedis.configSet("bind", taken));
        assertEquals(
            "ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to"
                + " specified addresses.",
            refusal.getMessage());
        awaitServed(ONE, server.port());
        assertEquals(ONE, jedis.configGet("bind").get("bind"));
      }
    }
  }
}
