package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.CommandExecutor;
import io.atlaskv.redis.command.CommandExecutor.Progress;
import io.atlaskv.redis.command.CommandMeter;
import io.atlaskv.redis.command.CommandsAhead;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.pubsub.Exchange;
import io.atlaskv.redis.pubsub.Push;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Serves some of the connections: reads, runs commands inline, sends replies when their gates are
/// safe. `step` is one round; a thread calls it again and again, or a test does.
///
/// Invariants:
/// - E1: one round makes at most one log write and one socket write per connection.
/// - E2: a reply leaves only when what it shows is with the kernel, or, in mode always, on disk;
///   and after all replies of its connection before it.
/// - E3: a connection whose command is parked runs no other command; its input waits.
/// - E4: everything but `post`, `wakeUp` and `progressed` is called by the loop's own thread.
/// - E5: requests are parsed, and their keys looked up, ahead of the ones before them, but run one
///   after the other; what the lookahead holds is given back before the loop does anything else.
/// - E6: pushes between loops are bounded: while too much is under way, publishers are not served.
final class EventLoop implements AutoCloseable {
  private static final System.Logger LOGGER = new LateLogger(EventLoop.class);
  private static final int SHARED_BYTES = Inbound.READ_BYTES + Args.SLACK_BYTES;
  private static final int CONTEXTS_KEPT = 64;
  private static final long FOREVER = -1;
  private static final long MILLIS_PER_SECOND = 1_000;
  private static final long PUBLISHER_PAUSE_NANOS = 1_000_000;

  private final Server server;
  private final Store store;
  private final Limits limits;
  private final Poller poller;
  private final BufferPool buffers;
  private final NativeBuffer shared = new NativeBuffer(SHARED_BYTES, SHARED_BYTES);
  private final EnumMap<Protocol, ReplyWriter> writers = new EnumMap<>(Protocol.class);
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final ArrayDeque<Runnable> afterReplies = new ArrayDeque<>();
  private final ArrayDeque<Context> contexts = new ArrayDeque<>();
  private final Timers timers = new Timers();
  private final RequestWindow window = new RequestWindow();
  private final CommandsAhead ahead;
  private final CommandMeter meter;
  private final Inbound inbound;
  private final Outbound outbound;
  private final Parking parking;
  private final Inbox inbox;
  private volatile boolean awaitsProgress;
  private int roundInputs;
  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong outputBytes = new AtomicLong();
  private String lastCommand = "NULL";
  private Context context;
  private @Nullable Connection running;
  private int runningBytes;
  private @Nullable Thread thread; // that runs the rounds

  EventLoop(Server server, Poller poller, BufferPool buffers) {
    this.server = server;
    this.poller = poller;
    this.buffers = buffers;
    store = server.data().store();
    limits = server.limits();
    ahead = new CommandsAhead(server.data(), server.table());
    meter = new CommandMeter(server.data(), server.table().size());
    context = newContext();
    inbound = new Inbound(this, server, shared, buffers);
    outbound = new Outbound(this, server, buffers);
    parking = new Parking(this, server, outbound, meter);
    inbox = new Inbox(this, server);
  }

  private Context newContext() {
    return new Context(server.data(), server, server.table(), this::latchGranted);
  }

  // --- from any thread

  /// True if the caller is the thread that runs this loop. Any thread may ask: what another one has
  /// written is never the asker itself.
  boolean isCurrent() {
    return Thread.currentThread().equals(thread);
  }

  /// Runs `action` on this loop soon.
  void post(Runnable action) {
    mailbox.add(action);
    wakeUp();
  }

  void wakeUp() {
    if (isWoken.compareAndSet(false, true)) {
      poller.wakeUp();
    }
  }

  /// The log made progress, failed, or a stall ended. What the loop itself has written it knows.
  void progressed() {
    if (awaitsProgress && !(outbound.isWritingLog() && isCurrent())) {
      wakeUp();
    }
  }

  /// Who of this loop listens to what.
  Exchange exchange() {
    return inbox.exchange();
  }

  /// Commands run so far.
  long commands() {
    return commands.get();
  }

  /// Whether blocks are being fetched for a command, by a thread that may need this one's core.
  boolean isFetching() {
    return parking.isFetching();
  }

  /// Runs `action` once when that is over, on this loop.
  void whenFetched(Runnable action) {
    parking.whenFetched(action);
  }

  /// Bytes that clients have sent so far.
  long inputBytes() {
    return inbound.bytes();
  }

  /// Bytes that clients were sent so far.
  long outputBytes() {
    return outputBytes.get();
  }

  /// A client was sent bytes, by this loop.
  void sent(int bytes) {
    outputBytes.lazySet(outputBytes.getPlain() + bytes);
  }

  /// A latch was handed over to a context that waits, on any thread.
  private void latchGranted(Context waiting) {
    post(() -> {
      waiting.latchGranted();
      if (waiting.isAbandoned()) {
        keep(waiting);
      } else {
        parking.goOn(waiting);
      }
    });
  }

  // --- one round

  /// Waits for events and serves them. `maySleep` false: only what is there already.
  void step(boolean maySleep) throws IOException {
    roundInputs = 0;
    thread = Thread.currentThread();
    poller.poll(maySleep ? sleepNanos() : 0, this);
    isWoken.set(false);
    runMailbox();
    timers.run(store.clock().nanoTime());
    parking.retryStalled();
    inbox.drain();
    outbound.settle(roundInputs);
    runAfterReplies();
  }

  private long sleepNanos() {
    if (!mailbox.isEmpty()
        || !afterReplies.isEmpty()
        || !inbox.isEmpty() // what these have published on this loop
        || outbound.isLookingAtOnce()) {
      return 0;
    }
    long next = Timers.earlier(timers.nextNanos(), parking.dueNanos());
    return next == Timers.NONE ? FOREVER : Math.max(0, next - store.clock().nanoTime());
  }

  private void runMailbox() {
    for (int i = mailbox.size(); i > 0; i--) { // what these post runs in the next round
      Runnable action = mailbox.poll();
      if (action != null) {
        action.run();
      }
    }
  }

  private void runAfterReplies() {
    for (int i = afterReplies.size(); i > 0; i--) { // what these add runs after the next round
      afterReplies.remove().run();
    }
  }

  /// Runs `action` once at the end of a round, when replies have left: what no client waits for. So
  /// clients have its time to send the next request, which the next round then finds.
  void afterReplies(Runnable action) {
    afterReplies.add(action);
  }

  /// Runs `action` once on this loop after a delay.
  void after(long delayNanos, Runnable action) {
    timers.add(store.clock().nanoTime() + delayNanos, action);
  }

  /// How many actions wait for their time.
  int timerCount() {
    return timers.count();
  }

  // --- input

  /// A new connection, of which `open` has told the server.
  Connection open(Transport transport, Protocol protocol) {
    return server.open(transport, this, protocol);
  }

  /// What writes replies in a protocol; `target` says where to.
  ReplyWriter writer(Protocol protocol) {
    ReplyWriter writer = writers.get(protocol);
    if (writer == null) {
      writer = protocol.newWriter(shared);
      writers.put(protocol, writer);
    }
    return writer;
  }

  /// Bytes of a connection have come.
  void readable(Connection connection) {
    roundInputs++;
    if (connection.isClosed) {
      return;
    }
    Context waiting = connection.parked;
    boolean waitsForOthers = waiting != null && waiting.waitsForOthers();
    if (!waitsForOthers && (waiting != null || connection.isHeld() || connection.isEnding)) {
      connection.interest(false, connection.isWriteWanted());
      return;
    }
    try {
      boolean isOpen = waitsForOthers ? inbound.readAhead(connection) : inbound.read(connection);
      if (!isOpen) {
        close(connection);
      }
    } catch (IOException _) {
      close(connection);
    } catch (OutOfMemoryError e) {
      starved(connection, e);
    }
  }

  /// There was no memory, native mostly, for a connection: it has asked for too much.
  private void starved(Connection connection, OutOfMemoryError e) {
    LOGGER.log(Level.WARNING, "client " + connection.session.id() + ": no memory for its input", e);
    close(connection);
  }

  /// Runs what is complete in `[from, to)` of `memory` and keeps the rest.
  void process(Connection connection, NativeBuffer memory, int from, int to) {
    RequestReader parser = connection.parser;
    parser.bulkBytesMax(server.bulkBytesMax());
    int at = from;
    int state = RequestReader.COMPLETE;
    while (at < to && state == RequestReader.COMPLETE && takesRequests(connection)) {
      boolean isUnauthenticated = connection.session.needsAuth();
      parser.takesShortOnly(isUnauthenticated);
      int most = isUnauthenticated ? 1 : CommandsAhead.REQUESTS_MAX; // it may say its password
      state = window.fill(parser, memory.segment(), at, to, most);
      int used = runWindow(connection, memory, at, to);
      if (used < 0) {
        return; // parked
      }
      at += used;
    }
    if (state == RequestReader.BROKEN) {
      if (takesRequests(connection)) {
        refuse(connection, "ERR " + parser.error());
        at = to;
      }
      parser.reset();
    }
    inbound.keep(connection, memory, at, to);
  }

  private static boolean takesRequests(Connection connection) {
    return !connection.isHeld() && !connection.isEnding && !connection.isClosed;
  }

  /// Runs the requests of the window, which begin at `from`, until the connection takes no more.
  /// Returns how many bytes they had; -1 if the connection was parked, and its input kept.
  private int runWindow(Connection connection, NativeBuffer memory, int from, int to) {
    int count = window.count();
    ahead.lookUp(connection.session, window.requests(), count);
    int used = 0;
    int request = 0;
    meter.begin();
    try {
      for (; request < count && takesRequests(connection); request++) {
        if (window.requests()[request].count() > 0) {
          Progress progress = run(connection, request);
          if (progress != Progress.DONE) {
            count(connection, request + 1);
            park(connection, request, memory, from + used, to, progress);
            return -1;
          }
        }
        used += window.bytes(request);
      }
    } finally {
      meter.flush();
      ahead.end();
    }
    if (request < count) { // the rest will be parsed anew
      connection.parser.reset();
    }
    count(connection, request);
    return used;
  }

  private void count(Connection connection, long done) {
    commands.lazySet(commands.getPlain() + done);
    connection.session.active(store.clock().currentTimeMillis(), lastCommand);
  }

  /// Goes on with the input that has waited.
  private void drain(Connection connection) {
    NativeBuffer input = connection.input;
    if (input != null && connection.parked == null && !connection.isHeld()) {
      try {
        process(connection, input, connection.inputStart, input.length());
      } catch (OutOfMemoryError e) {
        starved(connection, e);
      }
    }
    if (connection.parked == null
        && !connection.isHeld()
        && !connection.isEnding
        && !connection.isClosed) {
      connection.interest(true, connection.isWriteWanted());
    }
  }

  // --- commands

  /// Runs a request of the window, as far as it goes.
  private Progress run(Connection connection, int request) {
    Context current = context;
    NativeBuffer out = outbound.queueOf(connection).buffer();
    int replyStart = out.length();
    ReplyWriter writer = connection.writer;
    writer.target(out, connection.session.protocol());
    current.begin(connection.session, window.requests()[request], writer);
    current.knowAhead(ahead, request);
    runningBytes = window.bytes(request);
    running = connection;
    meter.before(current.args());
    Progress progress = CommandExecutor.execute(current);
    running = null;
    lastCommand = current.commandName();
    if (progress == Progress.DONE) {
      meter.done(current, runningBytes, out.length() - replyStart);
      finished(connection, current, replyStart);
    } else {
      meter.flush();
      current.spent(meter.lap());
    }
    return progress;
  }

  /// The connection waits, with its input from that request on, and takes the context along.
  ///
  /// @throws OutOfMemoryError if there is none for the input; then the command does not go on
  private void park(
      Connection connection, int request, NativeBuffer memory, int at, int to, Progress progress) {
    Context waiting = context;
    waiting.endAhead();
    ahead.end();
    Args args = window.take(request);
    connection.parser.reset();
    boolean isShared = connection.input == null;
    Context next = null;
    try {
      next = contexts.isEmpty() ? newContext() : contexts.pop();
      inbound.keep(connection, memory, at, to); // before others may look at the arguments
    } catch (OutOfMemoryError e) {
      abandon(progress, next, e);
      throw e;
    }
    NativeBuffer input = connection.input;
    if (isShared && input != null) {
      args.moveTo(input.segment(), 0);
    }
    context = next;
    connection.parkedBytes = window.bytes(request);
    parking.park(connection, waiting, progress);
  }

  /// The command that was to be parked does not go on: there is no memory for its arguments.
  ///
  /// @param next in place of its context, which may have to wait for a latch first
  private void abandon(Progress progress, @Nullable Context next, OutOfMemoryError e) {
    boolean awaitsLatch = progress == Progress.LATCH;
    context.abandon(awaitsLatch);
    if (next == null) {
      if (awaitsLatch) {
        throw new InternalError("no memory for a further command", e);
      }
    } else if (awaitsLatch) {
      context = next;
    } else {
      keep(next);
    }
  }

  /// Keeps a context for reuse that has no command, or frees it.
  void keep(Context idle) {
    if (contexts.size() < CONTEXTS_KEPT) {
      contexts.push(idle);
    } else {
      idle.close();
    }
  }

  /// The parked command of a connection has ended; the requests behind it go on.
  void unparked(Connection connection, Context done, int replyStart) {
    finished(connection, done, replyStart);
    keep(done);
    if (connection.isClosed) {
      connection.session.subscriptions().leaveAll(); // an EXEC may have joined since
      free(connection);
      return;
    }
    connection.inputStart += connection.parkedBytes;
    drain(connection);
  }

  /// A pause has ended, or the time it was to last at first: those that wait for it try again.
  void resumePaused() {
    parking.resumePaused();
  }

  /// The command of a connection is to wait no longer.
  void unblock(Connection connection) {
    parking.unblock(connection);
  }

  /// Bytes of the request of a connection that runs now.
  int runningBytes(Connection connection) {
    return connection.equals(running) ? runningBytes : 0;
  }

  /// Closes connections that have been idle, or over a limit, for too long.
  void housekeep() {
    server.sample();
    long timeoutMillis = server.data().settings().clients.timeout.value() * MILLIS_PER_SECOND;
    long now = store.clock().currentTimeMillis();
    for (Connection connection : server.connections()) {
      if (connection.loop == this) {
        outbound.checkLimit(connection);
        if (timeoutMillis > 0 && connection.isIdleSince(now - timeoutMillis)) {
          close(connection);
        }
      }
    }
  }

  /// A command has ended; its reply begins at `replyStart` of the connection's queue.
  private void finished(Connection connection, Context done, int replyStart) {
    ReplyQueue replies = outbound.queueOf(connection);
    if (connection.session.hasReplyMode()) {
      silence(connection.session, done, replies.buffer(), replyStart);
    }
    if (replies.buffer().length() > replyStart) {
      replies.mark(done.gate());
    }
    if (connection.session.isClosing()) {
      connection.isEnding = true;
    }
    outbound.appended(connection, replies);
    if (done.hasPublished()) {
      inbox.drain(); // those of this loop get it before whatever this client does next
      slowDown(connection);
    }
  }

  private static void silence(Session session, Context done, NativeBuffer replies, int replyStart) {
    if (session.isSilent() && !done.isPushReply()) {
      replies.truncate(replyStart);
    }
    session.replied();
  }

  /// Who publishes waits while the loops have a lot to deliver (E6).
  private void slowDown(Connection connection) {
    if (isPushingTooMuch() && !connection.isSlowed) {
      connection.isSlowed = true;
      connection.interest(false, connection.isWriteWanted());
      after(PUBLISHER_PAUSE_NANOS, () -> goOnPublishing(connection));
    }
  }

  private boolean isPushingTooMuch() {
    return server.pushBytes().get() > limits.pushBytesMax();
  }

  private void goOnPublishing(Connection connection) {
    if (isPushingTooMuch() && !connection.isClosed) {
      after(PUBLISHER_PAUSE_NANOS, () -> goOnPublishing(connection));
    } else {
      connection.isSlowed = false;
      post(() -> drain(connection));
    }
  }

  /// Runs no further request of a connection until `resume`.
  void pause(Connection connection) {
    connection.isPaused = true;
    connection.interest(false, connection.isWriteWanted());
  }

  /// Ends `pause`.
  void resume(Connection connection) {
    connection.isPaused = false;
    post(() -> drain(connection));
  }

  private void refuse(Connection connection, String error) {
    ReplyQueue replies = outbound.queueOf(connection);
    ReplyWriter writer = connection.writer;
    writer.target(replies.buffer(), connection.session.protocol());
    writer.error(error);
    replies.mark(0);
    connection.isEnding = true;
    outbound.appended(connection, replies);
  }

  /// The socket of a connection takes bytes again.
  void writable(Connection connection) {
    outbound.writable(connection);
  }

  /// Sends a push to a connection of this loop, between replies.
  void push(Connection connection, Push push) {
    outbound.push(connection, push);
  }

  /// Whether something of `Outbound` waits for progress of the store. Returns whether anything
  /// does.
  boolean awaitProgress(boolean isGated) {
    awaitsProgress = isGated || parking.hasStalled();
    return awaitsProgress;
  }

  /// As soon as the store has made progress, a round is wanted.
  void awaitProgress() {
    awaitsProgress = true;
  }

  // --- the end

  /// As `close`, when what runs now has ended. Nothing more is read or sent.
  void closeSoon(Connection connection) {
    connection.isEnding = true;
    connection.isDropped = true;
    post(() -> close(connection));
  }

  /// Ends a connection. A parked command of it runs to its end; its reply is dropped.
  void close(Connection connection) {
    if (connection.isClosed) {
      return;
    }
    connection.isClosed = true;
    connection.session.subscriptions().leaveAll();
    connection.transport.close();
    server.closed(connection);
    parking.giveUp(connection);
    if (connection.parked == null) {
      free(connection);
    }
  }

  private void free(Connection connection) {
    server.data().endTransaction(connection.session, server);
    inbound.free(connection);
    ReplyQueue replies = connection.replies;
    if (replies != null) {
      connection.replies = null;
      buffers.give(replies);
    }
  }

  /// Ends all connections of this loop.
  void closeConnections() {
    for (Connection connection : server.connections()) {
      if (connection.loop == this) {
        close(connection);
      }
    }
  }

  /// True if no reply waits and no command is parked.
  boolean isIdle() {
    return outbound.isIdle() && parking.isEmpty() && mailbox.isEmpty() && inbox.isEmpty();
  }

  @Override
  public void close() {
    poller.close();
    contexts.forEach(Context::close);
    contexts.clear();
    context.close();
    buffers.close();
    shared.close();
  }
}
