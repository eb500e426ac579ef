package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.ClientFigures;
import io.atlaskv.redis.command.CommandQueue;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.pubsub.Subscriptions;

/// What CLIENT LIST and CLIENT INFO say of one client: Redis' fields in their order.
final class ClientLine {
  private static final int MILLIS_PER_SECOND = 1_000;
  private static final int OBJECTS_BYTES = 1_024; // of a connection without buffers, about

  private final Context asker;
  private final StringBuilder text = new StringBuilder();

  private ClientLine(Context asker) {
    this.asker = asker;
  }

  /// The line, with its line feed.
  static String of(Session session, Context asker) {
    return new ClientLine(asker).describe(session);
  }

  private String describe(Session session) {
    boolean isAsker = session == asker.session();
    long now = asker.keys().nowMillis();
    ClientFigures figures = asker.host().figures(session);
    Subscriptions subscriptions = session.subscriptions();
    CommandQueue queue = session.queue();
    WatchList watches = session.watches();
    long queueBytes = queue == null ? 0 : queue.bytes();
    long unsent = figures.unsentBytes();
    long listed = figures.listBytes();
    add("id", session.id());
    add("addr", session.address());
    add("laddr", session.localAddress());
    add("fd", -1); // Java does not say
    add("name", session.name());
    add("age", (now - session.connectedAtMillis()) / MILLIS_PER_SECOND);
    add("idle", isAsker ? 0 : (now - session.activeAtMillis()) / MILLIS_PER_SECOND);
    add("flags", flags(session));
    add("db", session.database());
    add("sub", subscriptions.channels());
    add("psub", subscriptions.patterns());
    add("ssub", subscriptions.shardChannels());
    add("multi", queue == null ? -1 : queue.count());
    add("qbuf", figures.inputBytes());
    add("qbuf-free", figures.inputFreeBytes());
    add("argv-mem", figures.argumentBytes());
    add("multi-mem", queueBytes);
    add("rbs", figures.replyCapacityBytes());
    add("rbp", figures.replyCapacityBytes());
    add("obl", unsent - listed);
    add("oll", listed > 0 ? 1 : 0);
    add("omem", listed);
    add(
        "tot-mem",
        OBJECTS_BYTES
            + figures.inputBytes()
            + figures.inputFreeBytes()
            + figures.replyCapacityBytes()
            + queueBytes
            + (watches == null ? 0 : watches.bytes()));
    add("events", figures.isWriteWanted() ? "rw" : "r");
    add("cmd", isAsker ? asker.commandName() : session.lastCommand());
    add("user", "default");
    add("redir", -1);
    add("resp", session.protocol());
    add("lib-name", session.libraryName());
    add("lib-ver", session.libraryVersion());
    return text.append('\n').toString();
  }

  private static String flags(Session session) {
    var flags = new StringBuilder();
    if (session.subscriptions().isMonitor()) {
      flags.append('O');
    }
    if (session.subscriptions().isAny()) {
      flags.append('P');
    }
    if (session.queue() != null) {
      flags.append('x');
    }
    if (session.isBlocked()) {
      flags.append('b');
    }
    if (session.isNeverEvicted()) {
      flags.append('e');
    }
    if (session.isNotTouching()) {
      flags.append('T');
    }
    return flags.isEmpty() ? "N" : flags.toString();
  }

  private void add(String name, Object value) {
    if (!text.isEmpty()) {
      text.append(' ');
    }
    text.append(name).append('=').append(value);
  }
}
