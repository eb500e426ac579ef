package io.atlaskv.testkit.extreme;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import io.atlaskv.testkit.process.ServerProcess;
import java.io.UncheckedIOException;
import java.util.List;

/// One of the two servers, and the connection on which it is asked.
final class Side implements AutoCloseable {
  /// What a server that closes the connection is taken to have answered.
  static final RespReply CLOSED = new RespReply.Failure("(connection closed)");

  private final ServerProcess server;
  private RespConnection connection;

  Side(ServerProcess server) {
    this.server = server;
    connection = server.connect();
  }

  /// @throws IllegalStateException if the server is dead
  RespReply ask(List<String> words) {
    try {
      return connection.call(words.toArray(String[]::new));
    } catch (UncheckedIOException _) {
      if (!server.isAlive()) {
        throw new IllegalStateException("dead after " + words + ":\n" + server.lastOutput());
      }
      connection.close();
      connection = server.connect();
      return CLOSED;
    }
  }

  void reset() {
    connection.close();
    connection = server.connect();
    for (var words : Fixture.fill()) {
      var reply = ask(words);
      if (reply instanceof RespReply.Failure) {
        throw new IllegalStateException(words + " was answered " + reply);
      }
    }
  }

  RespConnection connection() {
    return connection;
  }

  @Override
  public void close() {
    connection.close();
    server.close();
  }
}
