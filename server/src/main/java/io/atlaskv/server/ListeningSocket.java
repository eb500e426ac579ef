package io.atlaskv.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/// Opens the sockets that clients come to.
final class ListeningSocket {
  /// Connections that wait to be accepted.
  static final int BACKLOG = 511;

  private ListeningSocket() {}

  /// @throws IOException in one sentence that names the address
  static ServerSocketChannel open(String bind, int port) throws IOException {
    InetSocketAddress address = address(bind, port);
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, BACKLOG);
      listener.configureBlocking(false);
      return listener;
    } catch (IOException e) {
      listener.close();
      throw new IOException(failure(bind, port, e), e);
    }
  }

  static InetSocketAddress address(String bind, int port) throws IOException {
    var address = new InetSocketAddress(bind, port);
    if (address.isUnresolved()) {
      throw new IOException("cannot listen: unknown address '" + bind + "'");
    }
    return address;
  }

  static String failure(String bind, int port, IOException e) {
    return "cannot listen on " + bind + ":" + port + ": " + e.getMessage();
  }

  static int port(ServerSocketChannel listener) throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }
}
