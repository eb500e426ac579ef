package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.NetworkSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sockets that RESP clients come in by: `bind` and `port`, which may change, and `unixsocket`.
///
/// When they change, sockets that are still wanted stay, new ones are opened, and only then the
/// rest is closed: a change that fails changes nothing, and with one that succeeds there is no
/// moment in which nobody listens. A new socket may need a place that one has which is to go, as
/// `*` is every address of the port: those that go share theirs meanwhile (`SO_REUSEPORT`).
final class Listeners {
  private static final System.Logger LOGGER = new LateLogger(Listeners.class);
  private static final int OCTAL = 8;

  private final NetworkSettings network;
  private final Map<ListenAddress, ServerSocketChannel> sockets = new LinkedHashMap<>();
  private @Nullable ServerSocketChannel unixSocket;
  private int port;

  private Listeners(NetworkSettings network) {
    this.network = network;
  }

  /// Opens all of them.
  static Listeners open(NetworkSettings network) throws IOException {
    var listeners = new Listeners(network);
    try {
      listeners.port = network.port.intValue();
      for (ListenAddress address : ListenAddress.parse(network.bind.value())) {
        listeners.listen(address, false);
      }
      listeners.openUnixSocket();
      return listeners;
    } catch (IOException | RuntimeException e) {
      listeners.close();
      throw e;
    }
  }

  /// The port that was asked for, or the free one that was taken.
  synchronized int port() {
    return port;
  }

  /// Where clients come in now, a text each.
  synchronized List<String> addresses() throws IOException {
    var addresses = new ArrayList<String>();
    for (ServerSocketChannel socket : sockets.values()) {
      addresses.add(ListeningSocket.text(socket));
    }
    if (unixSocket != null) {
      addresses.add(network.unixsocket.value());
    }
    return addresses;
  }

  /// Begins to take connections, on the loop of `poller`; from now on `bind` and `port` may change.
  synchronized void serve(EventLoop loop, NioPoller poller, Consumer<SocketChannel> acceptor)
      throws IOException {
    for (ServerSocketChannel socket : sockets.values()) {
      poller.listen(socket, acceptor);
    }
    if (unixSocket != null) {
      poller.listen(unixSocket, acceptor);
    }
    Consumer<ServerSocketChannel> begin =
        socket -> loop.post(() -> listen(poller, socket, acceptor));
    network.bind.onChange(() -> move(begin, "Failed to bind to specified addresses."));
    network.port.onChange(() -> move(begin, "Unable to listen on this port. Check server logs."));
  }

  private static void listen(
      NioPoller poller, ServerSocketChannel socket, Consumer<SocketChannel> acceptor) {
    try {
      poller.listen(socket, acceptor);
    } catch (ClosedChannelException e) {
      LOGGER.log(Level.DEBUG, "given up by the next change already", e);
    } catch (IOException e) {
      LOGGER.log(Level.ERROR, "cannot take connections", e);
    }
  }

  /// Goes where the settings say now.
  private synchronized void move(Consumer<ServerSocketChannel> begin, String refusal) {
    var wanted = ListenAddress.parse(network.bind.value());
    int newPort = network.port.intValue();
    var old = new LinkedHashMap<>(sockets);
    int oldPort = port;
    boolean isPortNew = newPort != oldPort;
    if (isPortNew) {
      sockets.clear();
      port = newPort;
    }
    sockets.keySet().retainAll(wanted);
    var leaving = new ArrayList<>(old.values());
    leaving.removeAll(sockets.values());
    var opened = new ArrayList<ServerSocketChannel>();
    try {
      share(leaving, true);
      for (ListenAddress address : wanted) {
        if (!sockets.containsKey(address)) {
          ServerSocketChannel socket = listen(address, !isPortNew);
          if (socket != null) {
            opened.add(socket);
          }
        }
      }
    } catch (IOException e) {
      LOGGER.log(Level.WARNING, String.valueOf(e.getMessage()));
      opened.forEach(Listeners::closeQuietly);
      keep(leaving);
      sockets.clear();
      sockets.putAll(old);
      port = oldPort;
      throw new IllegalArgumentException(refusal, e);
    }
    leaving.forEach(Listeners::closeQuietly);
    opened.forEach(begin);
  }

  private static void share(List<ServerSocketChannel> leaving, boolean isShared)
      throws IOException {
    for (ServerSocketChannel socket : leaving) {
      if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, isShared);
      }
    }
  }

  /// Those that were to go stay.
  private static void keep(List<ServerSocketChannel> leaving) {
    try {
      share(leaving, false);
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "a listening socket shares its place", e);
    }
  }

  /// Opens a socket and keeps it; null if the address may be missing and is.
  ///
  /// @param mayShare whether it may take a place that is shared, one of ours that is to go
  private @Nullable ServerSocketChannel listen(ListenAddress address, boolean mayShare)
      throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      bind(socket, resolve(address), mayShare);
      socket.configureBlocking(false);
    } catch (IOException e) {
      socket.close();
      if (address.isOptional() && !ListeningSocket.isThere(address.host())) {
        return null;
      }
      throw new IOException("cannot listen on " + address + ":" + port + ": " + e.getMessage(), e);
    }
    port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
    sockets.put(address, socket);
    return socket;
  }

  private void bind(ServerSocketChannel socket, InetSocketAddress address, boolean mayShare)
      throws IOException {
    int backlog = network.tcpBacklog.intValue();
    try {
      ListeningSocket.bind(socket, address, backlog);
    } catch (BindException e) {
      if (!mayShare || !socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        throw e;
      }
      socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      ListeningSocket.bind(socket, address, backlog);
      socket.setOption(StandardSocketOptions.SO_REUSEPORT, false);
    }
  }

  private InetSocketAddress resolve(ListenAddress address) throws IOException {
    if (address.host().isEmpty()) {
      return new InetSocketAddress(port);
    }
    var resolved = new InetSocketAddress(address.host(), port);
    if (resolved.isUnresolved()) {
      throw new IOException("unknown address");
    }
    return resolved;
  }

  private void openUnixSocket() throws IOException {
    String text = network.unixsocket.value();
    if (text.isEmpty()) {
      return;
    }
    Path path = Path.of(text);
    Files.deleteIfExists(path); // as Redis: what an earlier server has left
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path), network.tcpBacklog.intValue());
      socket.configureBlocking(false);
      int mode = Integer.parseInt(network.unixsocketperm.value(), OCTAL);
      if (mode != 0) {
        Files.setPosixFilePermissions(path, permissions(mode));
      }
      unixSocket = socket;
    } catch (IOException e) {
      socket.close();
      throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values(); // owner's read is the highest bit
    for (int i = 0; i < all.length; i++) {
      if ((mode & 1 << (all.length - 1 - i)) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }

  /// Takes no more connections.
  synchronized void close() {
    sockets.values().forEach(Listeners::closeQuietly);
    if (unixSocket != null) {
      closeQuietly(unixSocket);
      try {
        Files.deleteIfExists(Path.of(network.unixsocket.value()));
      } catch (IOException e) {
        LOGGER.log(Level.DEBUG, "removing the unix socket", e);
      }
    }
  }

  private static void closeQuietly(ServerSocketChannel socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "closing a listening socket", e);
    }
  }
}
