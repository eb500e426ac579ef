package io.atlaskv.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;

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
      bind(listener, address, BACKLOG);
      listener.configureBlocking(false);
      return listener;
    } catch (IOException e) {
      listener.close();
      throw new IOException(failure(bind, port, e), e);
    }
  }

  /// As `listener.bind`, which has an exception that is no `IOException` for one kind of address.
  static void bind(ServerSocketChannel listener, InetSocketAddress address, int backlog)
      throws IOException {
    try {
      listener.bind(address, backlog);
    } catch (UnsupportedAddressTypeException e) {
      throw new SocketException("there is no IPv6 on this machine", e);
    }
  }

  /// `::` is every address of the machine, which may have none of IPv6.
  static InetSocketAddress address(String bind, int port) throws IOException {
    if (bind.equals("::")) {
      return new InetSocketAddress(port);
    }
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
