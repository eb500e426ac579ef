package io.atlaskv.testkit.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// Bytes to a server, and bytes back, whatever they mean.
final class RawConnection implements AutoCloseable {
  private final Socket socket = new Socket();

  RawConnection(int port) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    socket.setTcpNoDelay(true);
  }

  /// Returns false if the server closed the connection.
  boolean send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  boolean send(String bytes) {
    return send(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Says that nothing more will come, and reads to the end; throws if the server keeps it open.
  String finish(int timeoutMillis) throws IOException {
    var reply = new StringBuilder();
    try {
      socket.setSoTimeout(timeoutMillis);
      socket.shutdownOutput();
      var buffer = new byte[1 << 16];
      var input = socket.getInputStream();
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        reply.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("neither answered to the end nor closed, so far: " + reply, e);
    } catch (IOException _) {
      // Reset by the server: it has closed the connection.
    }
    return reply.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
