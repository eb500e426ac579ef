package io.atlaskv.cli.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One connection to the Redis door. Blocks; understands both versions of the protocol.
final class RespClient implements AutoCloseable {
  private static final int NESTING_MAX = 64;
  private static final String TYPES = "+-:,(#_$!=*~>%|";

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;

  private RespClient(Socket socket) throws IOException {
    this.socket = socket;
    input = new BufferedInputStream(socket.getInputStream());
    output = new BufferedOutputStream(socket.getOutputStream());
  }

  /// Connects, gives the password if there is one, and chooses the database.
  ///
  /// @throws RefusedException if the server takes neither
  static RespClient open(Endpoint endpoint) throws IOException, RefusedException {
    var client = new RespClient(endpoint.connect());
    try {
      if (!endpoint.password().isEmpty()) {
        client.require("AUTH", endpoint.password());
      }
      if (endpoint.database() != 0) {
        client.require("SELECT", Integer.toString(endpoint.database()));
      }
      return client;
    } catch (IOException | RefusedException e) {
      client.close();
      throw e;
    }
  }

  private void require(String command, String argument) throws IOException, RefusedException {
    refuse(call(List.of(Bytes.of(command), Bytes.of(argument))));
  }

  /// Throws what is an error.
  static Reply refuse(Reply reply) throws RefusedException {
    if (reply instanceof Reply.Failure failure) {
      throw new RefusedException(failure.text());
    }
    return reply;
  }

  /// As `call`, for a command whose reply is a push in version 3.
  Reply callForPush(List<Bytes> words) throws IOException {
    send(words);
    return receive();
  }

  /// Sends a command and waits for its reply.
  Reply call(List<Bytes> words) throws IOException {
    Reply reply = callForPush(words);
    while (reply instanceof Reply.Many many && many.isPush()) {
      reply = receive();
    }
    return reply;
  }

  void send(List<Bytes> words) throws IOException {
    header('*', words.size());
    for (Bytes word : words) {
      header('$', word.length());
      output.write(word.array());
      output.write('\r');
      output.write('\n');
    }
    output.flush();
  }

  private void header(char type, int number) throws IOException {
    output.write((type + Integer.toString(number) + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /// Waits for the next reply.
  Reply receive() throws IOException {
    return receive(0);
  }

  private Reply receive(int depth) throws IOException {
    if (depth > NESTING_MAX) {
      throw new IOException("a reply nested deeper than " + NESTING_MAX);
    }
    int type = input.read();
    if (type < 0) {
      throw new EOFException("the server has closed the connection");
    }
    if (TYPES.indexOf(type) < 0) { // do not wait for the end of a line that may never come
      throw new IOException("the server does not speak Redis' protocol");
    }
    String rest = line();
    return switch (type) {
      case '+' -> new Reply.Status(rest);
      case '-' -> new Reply.Failure(rest);
      case ':' -> new Reply.Int(number(rest));
      case ',', '(' -> new Reply.Decimal(rest);
      case '#' -> new Reply.Bool(rest.equals("t"));
      case '_' -> new Reply.Nil();
      case '$' -> bulk(length(rest));
      case '!' -> failure(length(rest));
      case '=' -> verbatim(length(rest));
      case '*', '~' -> many(length(rest), depth, false);
      case '>' -> many(length(rest), depth, true);
      case '%' -> new Reply.Pairs(elements(2L * length(rest), depth));
      case '|' -> { // attributes: about the reply that follows, which is what was asked for
        elements(2L * length(rest), depth);
        yield receive(depth);
      }
      default -> throw new IllegalStateException("type " + type);
    };
  }

  private Reply bulk(int length) throws IOException {
    return length < 0 ? new Reply.Nil() : new Reply.Bulk(Bytes.of(payload(length)));
  }

  private Reply failure(int length) throws IOException {
    return new Reply.Failure(new String(payload(length), StandardCharsets.UTF_8));
  }

  /// Text that begins with three letters for its form and a colon.
  private Reply verbatim(int length) throws IOException {
    byte[] bytes = payload(length);
    String text = new String(bytes, StandardCharsets.UTF_8);
    return new Reply.Bulk(Bytes.of(text.substring(Math.min(4, text.length()))));
  }

  private Reply many(int count, int depth, boolean isPush) throws IOException {
    return count < 0 ? new Reply.Nil() : new Reply.Many(elements(count, depth), isPush);
  }

  private List<Reply> elements(long count, int depth) throws IOException {
    var elements = new ArrayList<Reply>();
    for (long i = 0; i < count; i++) {
      elements.add(receive(depth + 1));
    }
    return elements;
  }

  private byte[] payload(int length) throws IOException {
    byte[] bytes = input.readNBytes(Math.max(0, length));
    if (bytes.length < length || input.read() != '\r' || input.read() != '\n') {
      throw new EOFException("the server has closed the connection in a reply");
    }
    return bytes;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = input.read(); next != '\r'; next = input.read()) {
      if (next < 0) {
        throw new EOFException("the server has closed the connection");
      }
      line.append((char) next);
    }
    if (input.read() != '\n') {
      throw new IOException("a line of the protocol without its end");
    }
    byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Of an array or the like, or of bytes; -1 for none.
  private static int length(String text) throws IOException {
    long length = number(text);
    if (length < -1 || length > Integer.MAX_VALUE) {
      throw new IOException("not Redis' protocol: a length of " + length);
    }
    return (int) length;
  }

  private static long number(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("not Redis' protocol: a number was expected, not '" + text + "'", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
