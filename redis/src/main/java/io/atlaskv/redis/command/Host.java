package io.atlaskv.redis.command;

import java.util.List;
import java.util.Map;

/// What runs the commands: the server, or a test. Everything about sockets that a command may ask.
public interface Host {
  /// All clients, oldest first.
  List<Session> sessions();

  /// Lines of an INFO section that only the server knows: `server`, `clients`, `memory`, `stats`.
  Map<String, String> info(String section);

  /// Memory of the process.
  default MemoryFigures memory() {
    return MemoryFigures.NONE;
  }

  /// Ends the process in order: no reply follows.
  void shutdown();

  /// Most bytes that the commands between MULTI and EXEC of one client may take.
  default int queueBytesMax() {
    return 1 << 30;
  }

  /// The memory of the queues of all clients has grown; negative: shrunk.
  default void queuesGrown(long bytes) {}

  /// What is buffered for a client.
  default ClientFigures figures(Session session) {
    return ClientFigures.NONE;
  }

  /// A pause has ended before its time: what waits for its end is to go on.
  default void pauseEnded() {}

  /// A client that is blocked is to go on: its command runs again.
  default void unblocked(Session session) {}

  /// Ends the connection of the client whose command runs: nothing more of it is read, nothing
  /// sent.
  void abort(Session session);

  /// Ends another client's connection.
  void kill(Session session);
}
