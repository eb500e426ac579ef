package io.atlaskv.cli.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The database of a connection, followed by its commands and their replies. Within MULTI a SELECT
/// counts once EXEC has run it.
final class SelectedDatabase {
  private static final Reply OK = new Reply.Status("OK");
  private static final Reply QUEUED = new Reply.Status("QUEUED");
  private static final String NONE = "";

  private int number;
  private @Nullable List<String> queued; // within MULTI: what each command selects

  /// A new connection has this one.
  void begin(int selected) {
    number = selected;
    queued = null;
  }

  int number() {
    return number;
  }

  /// True between MULTI and EXEC or DISCARD.
  boolean isInTransaction() {
    return queued != null;
  }

  /// A command was answered.
  ///
  /// @param name of the command, in lower case
  void answered(String name, List<Bytes> words, Reply reply) {
    boolean selects = name.equals("select") && words.size() == 2;
    String selected = selects ? String.valueOf(words.get(1).text()) : NONE;
    List<String> commands = queued;
    if (commands == null) {
      ran(selected, reply);
      queued = name.equals("multi") && !reply.isFailure() ? new ArrayList<>() : null;
    } else if (reply.equals(QUEUED)) {
      commands.add(selected);
    } else if (name.equals("exec")) {
      queued = null;
      if (reply instanceof Reply.Many(List<Reply> replies, _)) {
        for (int i = 0; i < Math.min(replies.size(), commands.size()); i++) {
          ran(commands.get(i), replies.get(i));
        }
      }
    } else if (name.equals("discard") && !reply.isFailure()) {
      queued = null;
    }
    if (name.equals("reset") && !reply.isFailure()) {
      begin(0);
    }
  }

  private void ran(String selected, Reply reply) {
    if (!selected.equals(NONE) && reply.equals(OK)) {
      number = Integer.parseInt(selected);
    }
  }
}
