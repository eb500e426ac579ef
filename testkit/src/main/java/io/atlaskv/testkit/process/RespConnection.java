package io.atlaskv.testkit.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/// Blocking RESP2 client that lets its user pipeline: `send` and `receive` are independent, so one
/// thread may send while another receives. Each half is for one thread at a time.
///
/// A dead server shows as [UncheckedIOException].
public final class RespConnection implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int READ_TIMEOUT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;

  private RespConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.input = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    this.output = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  public static RespConnection open(int port) {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
      return new RespConnection(socket);
    } catch (IOException e) {
      closeQuietly(socket);
      throw new UncheckedIOException("port " + port, e);
    }
  }

  /// Sends one command and waits for its reply.
  public RespReply call(String... words) {
    send(words);
    flush();
    return receive();
  }

  /// Puts a command into the output buffer.
  public void send(String... words) {
    try {
      header('*', words.length);
      for (var word : words) {
        header('$', word.length());
        output.write(word.getBytes(StandardCharsets.ISO_8859_1));
        crlf();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void flush() {
    try {
      output.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for the next reply.
  public RespReply receive() {
    try {
      return readReply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private RespReply readReply() throws IOException {
    var line = readLine();
    if (line.isEmpty()) {
      throw new IOException("empty line where a reply must start");
    }
    var rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new RespReply.Status(rest);
      case '-' -> new RespReply.Failure(rest);
      case ':' -> new RespReply.Int(Long.parseLong(rest));
      case '$' -> readBulk(Integer.parseInt(rest));
      case '*' -> readMany(Integer.parseInt(rest));
      default -> throw new IOException("not a RESP2 reply: " + line);
    };
  }

  private RespReply readBulk(int length) throws IOException {
    if (length < 0) {
      return RespReply.Nil.INSTANCE;
    }
    var bytes = input.readNBytes(length);
    if (bytes.length < length || input.read() != '\r' || input.read() != '\n') {
      throw new EOFException("bulk string of " + length + " bytes is cut off");
    }
    return new RespReply.Bulk(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private RespReply readMany(int count) throws IOException {
    if (count < 0) {
      return RespReply.Nil.INSTANCE;
    }
    var elements = new ArrayList<RespReply>(count);
    for (int i = 0; i < count; i++) {
      elements.add(readReply());
    }
    return new RespReply.Many(elements);
  }

  private String readLine() throws IOException {
    var line = new StringBuilder(32);
    for (int next = input.read(); next != '\r'; next = input.read()) {
      if (next < 0) {
        throw new EOFException("connection closed by the server");
      }
      line.append((char) next);
    }
    if (input.read() != '\n') {
      throw new IOException("line without LF: " + line);
    }
    return line.toString();
  }

  private void header(char type, int value) throws IOException {
    output.write(type);
    output.write(Integer.toString(value).getBytes(StandardCharsets.US_ASCII));
    crlf();
  }

  private void crlf() throws IOException {
    output.write('\r');
    output.write('\n');
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // A socket that cannot be closed is closed already.
    }
  }
}
