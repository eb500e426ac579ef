package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;

/// Opens the sockets that clients come to.
final class ListeningSocket {
  /// Connections that wait to be accepted.
  static final int BACKLOG = 511;

  private static final System.Logger LOGGER = new LateLogger(ListeningSocket.class);

  private ListeningSocket() {}

  /// Listens on the first of the addresses that is there.
  ///
  /// @throws IOException in one sentence that names the address
  static ServerSocketChannel open(List<ListenAddress> candidates, int port) throws IOException {
    for (ListenAddress address : candidates.subList(0, candidates.size() - 1)) {
      try {
        return open(address.toString(), port);
      } catch (IOException e) {
        if (isThere(address.host())) {
          throw e;
        }
        LOGGER.log(Level.DEBUG, "an optional address is not there", e);
      }
    }
    return open(candidates.getLast().toString(), port);
  }

  /// Whether a host is this machine, whoever has which port of it.
  static boolean isThere(String host) {
    var address = new InetSocketAddress(host, 0);
    if (address.isUnresolved()) {
      return false;
    }
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      bind(probe, address, 1);
      return true;
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, host + " is not this machine", e);
      return false;
    }
  }

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

  /// `*` is every address of the machine, which may have none of IPv6.
  static InetSocketAddress address(String bind, int port) throws IOException {
    if (bind.equals("*") || bind.equals("::")) {
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

  /// Where clients come to it: `127.0.0.1:6379`, `[0:0:0:0:0:0:0:1]:6379`, or `*:6379` if every
  /// address of the machine will do.
  static String text(ServerSocketChannel listener) throws IOException {
    var local = (InetSocketAddress) listener.getLocalAddress();
    InetAddress address = local.getAddress();
    String host = address.isAnyLocalAddress() ? "*" : address.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + local.getPort();
  }

  static int port(ServerSocketChannel listener) throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }
}
