package io.atlaskv.cli.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// Which server to talk to, and as whom.
///
/// @param host name or address
/// @param port of the door
/// @param password empty = none
/// @param database to choose
/// @param timeoutMillis longest wait for an answer; 0 = for ever
record Endpoint(String host, int port, String password, int database, int timeoutMillis) {
  private static final int CONNECT_MILLIS = 5_000;

  /// @throws UnreachableException if there is nobody
  Socket connect() throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnreachableException("cannot connect to " + this + ": unknown host");
    }
    var socket = new Socket();
    try {
      socket.connect(address, CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(timeoutMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw new UnreachableException("cannot connect to " + this + ": " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
