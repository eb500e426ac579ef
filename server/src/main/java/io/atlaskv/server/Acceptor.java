package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.NetworkSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;

/// Spreads the new connections of one door over the loops by turns. Used by the loop that listens.
final class Acceptor {
  private static final System.Logger LOGGER = new LateLogger(Acceptor.class);
  private static final String FULL = "ERR max number of clients reached";
  private static final String PROTECTED =
      "DENIED AtlasKV is running in protected mode because protected mode is enabled and no password"
          + " is set. In this mode connections are only accepted from the loopback interface. Set a"
          + " password, or 'protected-mode no' if every host that can connect may do so.";
  private static final int REFUSAL_BYTES_MAX = 512;
  private static final int PROBES = 3;

  private final Protocol protocol;
  private final Server server;
  private final List<EventLoop> loops;
  private final List<NioPoller> pollers;
  private final NetworkSettings settings;
  private int next;

  Acceptor(Protocol protocol, Server server, List<EventLoop> loops, List<NioPoller> pollers) {
    this.protocol = protocol;
    this.server = server;
    this.loops = loops;
    this.pollers = pollers;
    settings = server.data().settings().network;
  }

  void accept(SocketChannel channel) {
    int target = loopOf(next++, loops.size());
    EventLoop loop = loops.get(target);
    NioPoller poller = pollers.get(target);
    if (target == 0) {
      register(channel, loop, poller);
    } else {
      loop.post(() -> register(channel, loop, poller));
    }
  }

  /// Turn `number`, which begins anew below zero when it has reached the largest int.
  static int loopOf(int number, int loops) {
    return Math.floorMod(number, loops);
  }

  private void register(SocketChannel channel, EventLoop loop, NioPoller poller) {
    try {
      channel.configureBlocking(false);
      if (channel.getRemoteAddress() instanceof InetSocketAddress address) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive(channel, settings.tcpKeepalive.intValue());
        if (isShutOut(address)) {
          refuse(channel, PROTECTED);
          return;
        }
      }
      if (!server.hasRoomForClient()) {
        refuse(channel, FULL);
        return;
      }
      SelectionKey key = poller.register(channel);
      Connection connection = loop.open(new NioTransport(channel, key), protocol);
      key.attach(connection);
      Session session = connection.session;
      LOGGER.log(Level.DEBUG, "client {0} connected", session.id());
    } catch (IOException e) { // it has gone already
      LOGGER.log(Level.DEBUG, "a new connection was lost", e);
      closeQuietly(channel);
    }
  }

  /// Strangers stay out while nothing else keeps them out.
  private boolean isShutOut(InetSocketAddress address) {
    return settings.protectedMode.isOn()
        && !address.getAddress().isLoopbackAddress()
        && server.data().settings().access.requirepass.value().isEmpty();
  }

  /// As Redis: the first question after so many seconds of silence, two more in the same time.
  private static void keepAlive(SocketChannel channel, int seconds) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, seconds > 0);
    if (seconds > 0) {
      for (SocketOption<?> option : channel.supportedOptions()) { // of the platform, by their names
        switch (option.name()) {
          case "TCP_KEEPIDLE" -> set(channel, option, seconds);
          case "TCP_KEEPINTERVAL" -> set(channel, option, Math.max(1, seconds / PROBES));
          case "TCP_KEEPCOUNT" -> set(channel, option, PROBES);
          default -> {}
        }
      }
    }
  }

  @SuppressWarnings("unchecked") // all three are numbers
  private static void set(SocketChannel channel, SocketOption<?> option, int value)
      throws IOException {
    channel.setOption((SocketOption<Integer>) option, value);
  }

  private void refuse(SocketChannel channel, String reason) throws IOException {
    try (var reply = new NativeBuffer(REFUSAL_BYTES_MAX, REFUSAL_BYTES_MAX)) {
      protocol.newWriter(reply).error(reason);
      channel.write(reply.view());
    }
    channel.close();
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "closing a lost connection", e);
    }
  }
}
