package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/// A TCP socket, or a Unix one.
final class NioTransport implements Transport {
  private static final System.Logger LOGGER = new LateLogger(NioTransport.class);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final String remoteAddress;
  private final String localAddress;

  NioTransport(SocketChannel channel, SelectionKey key) throws IOException {
    this.channel = channel;
    this.key = key;
    SocketAddress local = channel.getLocalAddress();
    if (local instanceof UnixDomainSocketAddress socket) { // the other end has no name of its own
      localAddress = socket.getPath().toAbsolutePath() + ":0";
      remoteAddress = localAddress;
    } else {
      localAddress = plain(String.valueOf(local));
      remoteAddress = plain(String.valueOf(channel.getRemoteAddress()));
    }
  }

  private static String plain(String address) {
    return address.substring(address.indexOf('/') + 1);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return channel.write(source);
  }

  @Override
  public void interest(boolean inReading, boolean inWriting) {
    if (key.isValid()) {
      key.interestOps(
          (inReading ? SelectionKey.OP_READ : 0) | (inWriting ? SelectionKey.OP_WRITE : 0));
    }
  }

  @Override
  public void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "closing " + remoteAddress, e);
    }
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public String localAddress() {
    return localAddress;
  }
}
