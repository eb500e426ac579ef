package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.pubsub.Exchange;
import io.atlaskv.redis.pubsub.Outlet;
import io.atlaskv.redis.pubsub.Push;
import io.atlaskv.redis.pubsub.Subscriptions;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.SimStore;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs commands without a server, one at a time, to their end.
public final class LocalClient implements Host, Outlet {
  private final SimStore store;
  private final RedisData data;
  private final CommandTable table = new CommandTable(CommandTable.ALL);
  private final List<Session> sessions = new ArrayList<>();
  private Session session;
  private final NativeBuffer out = new NativeBuffer(1024, 1 << 24);
  private final ReplyWriter writer = new ReplyWriter(out);
  private final Context context;
  private final Exchange exchange;
  private final ArrayDeque<Push> pushes = new ArrayDeque<>();
  private boolean isShutdown;
  private long lastGate;
  private int claimedBytes;
  private int workerRuns;

  public LocalClient(SimStore store) {
    this(store, RedisData.open(store));
  }

  /// A client of data that was opened in a way of its own.
  public LocalClient(SimStore store, RedisData data) {
    this.store = store;
    this.data = data;
    exchange = data.pubSub().addLoop(this);
    session = newSession();
    context = new Context(data, this, table, Context::latchGranted);
  }

  public RedisData data() {
    return data;
  }

  public boolean isShutdown() {
    return isShutdown;
  }

  /// Gate of the last reply.
  public long lastGate() {
    return lastGate;
  }

  /// How many times a command has gone on on a worker.
  public int workerRuns() {
    return workerRuns;
  }

  private Session newSession() {
    var created = new Session(sessions.size() + 1L, "local", "local", 0);
    created.subscriptions(
        new Subscriptions(exchange, push -> push.appendTo(out, created.protocol())));
    sessions.add(created);
    return created;
  }

  /// The next calls are those of client `number`, who comes to be by this; the first one is 0.
  public LocalClient as(int number) {
    while (sessions.size() <= number) {
      newSession();
    }
    session = sessions.get(number);
    return this;
  }

  /// Runs one command; the reply as it would go over the wire.
  public String call(String... words) {
    byte[][] arguments = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].getBytes(StandardCharsets.ISO_8859_1);
    }
    return call(arguments);
  }

  /// As `call`, with `bytes` of the last word, which is filled up by what is not there: for
  /// commands that look at its length only.
  public String callClaiming(int bytes, String... words) {
    claimedBytes = bytes;
    try {
      return call(words);
    } finally {
      claimedBytes = 0;
    }
  }

  private String call(byte[][] arguments) {
    try (var in = new NativeBuffer(1024, 1 << 24)) {
      for (byte[] argument : arguments) {
        in.put(argument, 0, argument.length);
      }
      in.ensureRoom(Args.SLACK_BYTES);
      var args = new Args();
      args.start(in.segment(), 0);
      int at = 0;
      for (byte[] argument : arguments) {
        boolean isClaimed = claimedBytes > 0 && args.count() == arguments.length - 1;
        args.add(at, isClaimed ? claimedBytes : argument.length);
        at += argument.length;
      }
      out.clear();
      writer.target(out, session.protocol());
      context.begin(session, args, writer);
      CommandExecutor.Progress progress = CommandExecutor.execute(context);
      while (progress != CommandExecutor.Progress.DONE) {
        progress = goOn(progress);
      }
    }
    lastGate = context.gate();
    drain();
    byte[] reply = out.segment().asSlice(0, out.length()).toArray(ValueLayout.JAVA_BYTE);
    return new String(reply, StandardCharsets.ISO_8859_1);
  }

  private CommandExecutor.Progress goOn(CommandExecutor.Progress progress) {
    return switch (progress) {
      case BLOCKS -> {
        context.reader().fetch(() -> {});
        store.settle();
        yield CommandExecutor.execute(context);
      }
      case WORKER -> {
        workerRuns++;
        yield CommandExecutor.runOnWorker(context);
      }
      case WAIT -> {
        store.writeLog(); // as the loop does in each round
        store.settle();
        store.sim().clock().advance(Math.min(context.delayNanos(), 10_000_000));
        yield CommandExecutor.execute(context);
      }
      case ROOM -> {
        store.settle();
        yield CommandExecutor.execute(context);
      }
      case SLICE -> CommandExecutor.execute(context);
      case LATCH, DONE, PAUSED ->
          throw new AssertionError("one client alone never waits: " + progress);
    };
  }

  @Override
  public void send(Push push) {
    pushes.add(push);
  }

  @Override
  public void drain() {
    while (!pushes.isEmpty()) {
      exchange.deliver(pushes.remove());
    }
  }

  @Override
  public List<Session> sessions() {
    return List.copyOf(sessions);
  }

  @Override
  public Map<String, String> info(String section) {
    return Map.of("section", section);
  }

  @Override
  public void shutdown() {
    isShutdown = true;
  }

  @Override
  public void abort(Session ending) {
    throw new AssertionError("no command of a test is to end its connection");
  }

  @Override
  public void kill(Session target) {
    throw new AssertionError("there is one client only");
  }
}
