package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;

/// Spreads the new connections of one door over the loops by turns. Used by the loop that listens.
final class Acceptor {
  private static final System.Logger LOGGER = System.getLogger(Acceptor.class.getName());
  private static final String FULL = "ERR max number of clients reached";
  private static final int REFUSAL_BYTES_MAX = 256;

  private final Protocol protocol;
  private final Server server;
  private final List<EventLoop> loops;
  private final List<NioPoller> pollers;
  private int next;

  Acceptor(Protocol protocol, Server server, List<EventLoop> loops, List<NioPoller> pollers) {
    this.protocol = protocol;
    this.server = server;
    this.loops = loops;
    this.pollers = pollers;
  }

  void accept(SocketChannel channel) {
    int target = next++ % loops.size();
    EventLoop loop = loops.get(target);
    NioPoller poller = pollers.get(target);
    if (target == 0) {
      register(channel, loop, poller);
    } else {
      loop.post(() -> register(channel, loop, poller));
    }
  }

  private void register(SocketChannel channel, EventLoop loop, NioPoller poller) {
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      if (!server.hasRoomForClient()) {
        refuse(channel);
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

  private void refuse(SocketChannel channel) throws IOException {
    try (var reply = new NativeBuffer(REFUSAL_BYTES_MAX, REFUSAL_BYTES_MAX)) {
      protocol.newWriter(reply).error(FULL);
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
