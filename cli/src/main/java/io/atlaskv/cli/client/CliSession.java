package io.atlaskv.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One user of `cli`: a connection that is made again when it was lost, and where replies go.
final class CliSession implements AutoCloseable {
  private static final Set<String> ENDLESS =
      Set.of("monitor", "subscribe", "psubscribe", "ssubscribe");

  /// Answered once for each name that is given, by pushes in version 3.
  private static final Set<String> LEAVING = Set.of("unsubscribe", "punsubscribe", "sunsubscribe");

  private final Endpoint endpoint;
  private final ReplyForm form;
  private final Terminal terminal;
  private volatile @Nullable RespClient client;
  private final SelectedDatabase database = new SelectedDatabase();

  CliSession(Endpoint endpoint, ReplyForm form, Terminal terminal) {
    this.endpoint = endpoint;
    this.form = form;
    this.terminal = terminal;
    database.begin(endpoint.database());
  }

  /// Connects if it is not connected.
  RespClient connect() throws IOException, RefusedException {
    RespClient open = client;
    if (open == null) {
      database.begin(endpoint.database());
      open = RespClient.open(endpoint);
      client = open;
    }
    return open;
  }

  /// What stands before the place to type.
  String prompt() {
    if (client == null) {
      return "not connected> ";
    }
    int number = database.number();
    return endpoint
        + (number == 0 ? "" : "[" + number + "]")
        + (database.isInTransaction() ? "(TX)> " : "> ");
  }

  /// Runs a command and prints its reply; false if that was an error.
  ///
  /// @throws IOException if the connection was lost; the next command makes a new one
  boolean run(List<Bytes> words) throws IOException, RefusedException {
    String name = String.valueOf(words.getFirst().text()).toLowerCase(Locale.ROOT);
    RespClient open = connect();
    try {
      boolean isLeaving = LEAVING.contains(name);
      Reply reply =
          isLeaving || ENDLESS.contains(name) ? open.callForPush(words) : open.call(words);
      print(reply);
      if (!reply.isFailure() && ENDLESS.contains(name)) {
        readOn(open);
      }
      for (int i = 2; isLeaving && reply instanceof Reply.Many && i < words.size(); i++) {
        print(open.receive());
      }
      database.answered(name, words, reply);
      if (name.equals("quit")) {
        disconnect();
      }
      return !reply.isFailure();
    } catch (EOFException e) {
      disconnect();
      if (name.equals("shutdown")) {
        return true; // that is its answer
      }
      throw e;
    } catch (IOException e) {
      disconnect();
      throw e;
    }
  }

  /// Prints what comes until the connection ends.
  private void readOn(RespClient open) throws IOException {
    while (true) {
      print(open.receive());
    }
  }

  private void print(Reply reply) throws IOException {
    terminal.print(form.print(reply));
    terminal.out().flush();
  }

  /// Ends the connection, and with it a command that reads on; any thread may call it.
  void disconnect() throws IOException {
    RespClient open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
