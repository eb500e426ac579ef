package io.atlaskv.server;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.ClientFigures;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.OutputLimits;
import io.atlaskv.redis.pubsub.Push;
import io.atlaskv.redis.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What leaves one loop: replies and pushes of its connections, behind their gates (E1, E2 of
/// `EventLoop`), within the output limits.
final class Outbound {
  private static final System.Logger LOGGER = new LateLogger(Outbound.class);

  private static final int UNAUTHENTICATED_BYTES_MAX = 1024;
  private static final int ROOM_BYTES_MIN = 1024; // for an error
  private static final int COPIED_BYTES_MAX = 64 * 1024;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int GATHERED_INPUTS_MAX = 64;

  private final EventLoop loop;
  private final Server server;
  private final Store store;
  private final Limits limits;
  private final BufferPool buffers;
  private ArrayList<Connection> dirty = new ArrayList<>();
  private ArrayList<Connection> gated = new ArrayList<>();
  private ArrayList<Connection> scratch = new ArrayList<>();
  private int gatheredInputs; // since the log was written, in mode always
  private long gatheredAfter; // what was durable when gathering began
  private boolean isLookingAtOnce; // for more input
  private boolean isWritingLog;
  private long settledSequence;

  Outbound(EventLoop loop, Server server, BufferPool buffers) {
    this.loop = loop;
    this.server = server;
    this.buffers = buffers;
    store = server.data().store();
    limits = server.limits();
  }

  /// Where the replies of a connection go.
  ReplyQueue queueOf(Connection connection) {
    ReplyQueue replies = connection.replies;
    if (replies == null) {
      replies = buffers.takeQueue();
      connection.replies = replies;
    }
    return replies;
  }

  /// Most bytes of a reply that is written apart from the connection's queue, to join it later.
  int roomFor(Connection connection) {
    ReplyQueue replies = connection.replies;
    long room = limits.replyBytesMax();
    if (replies != null) {
      replies.compact();
      room -= replies.buffer().length();
    }
    long left = limits.buffersBytesMax() - server.bufferBytes().get();
    return (int) Math.max(ROOM_BYTES_MIN, Math.min(room, left));
  }

  /// A reply that was written apart joins the connection's queue, and its buffer is not the
  /// caller's any more. A large one is not copied if nothing waits before it. Answers where it
  /// begins.
  int join(Connection connection, NativeBuffer reply) {
    ReplyQueue replies = queueOf(connection);
    boolean isAlone = replies.pendingBytes() == 0 && reply.limit() == limits.replyBytesMax();
    if (isAlone && reply.length() > COPIED_BYTES_MAX) {
      replies.adopt(reply);
      return 0;
    }
    replies.compact();
    NativeBuffer out = replies.buffer();
    int start = out.length();
    if ((long) start + reply.length() > out.limit()) {
      drop(connection, replies.pendingBytes()); // by pushes that came meanwhile
    } else {
      out.put(reply.segment(), 0, reply.length());
    }
    reply.close();
    return start;
  }

  /// A reply was appended to the connection's queue and marked.
  void appended(Connection connection, ReplyQueue replies) {
    buffers.account(replies);
    enforceLimit(connection, replies);
    if (replies.pendingBytes() >= limits.replyPauseBytes()) {
      loop.pause(connection);
    }
    markDirty(connection);
  }

  private void markDirty(Connection connection) {
    if (!connection.isDirty) {
      connection.isDirty = true;
      dirty.add(connection);
    }
  }

  /// Appends a push, between replies.
  void push(Connection connection, Push push) {
    if (connection.isClosed || connection.isEnding) {
      return;
    }
    ReplyQueue replies = queueOf(connection);
    int bytes = push.length();
    if ((long) replies.buffer().length() + bytes > limits.replyBytesMax()) {
      replies.compact();
    }
    if ((long) replies.buffer().length() + bytes > limits.replyBytesMax()
        || server.bufferBytes().get() > limits.buffersBytesMax()) {
      drop(connection, replies.pendingBytes());
      return;
    }
    push.appendTo(replies.buffer(), connection.session.protocol());
    replies.markPush(push.gate());
    buffers.account(replies);
    enforceLimit(connection, replies);
    markDirty(connection);
  }

  /// Looks again, as time has passed, whether a connection is over its limit.
  void checkLimit(Connection connection) {
    ReplyQueue replies = connection.replies;
    if (replies != null && !connection.isClosed) {
      enforceLimit(connection, replies);
    }
  }

  /// Closes a connection that leaves more unread than its class may.
  private void enforceLimit(Connection connection, ReplyQueue replies) {
    int pending = replies.pendingBytes();
    Session session = connection.session;
    if (pending <= ClientFigures.REPLY_BUFFER_BYTES) {
      connection.isOverSoftLimit = false;
      if (session.needsAuth() && pending > UNAUTHENTICATED_BYTES_MAX) {
        drop(connection, pending);
      }
      return;
    }
    OutputLimits all = server.data().settings().clients.outputLimits.value();
    OutputLimits.Limit limit = session.subscriptions().isAny() ? all.pubsub() : all.normal();
    boolean isOverHard = limit.hardBytes() > 0 && pending > limit.hardBytes();
    if (isOverHard
        || session.needsAuth()
        || isOverSoftForLong(connection, pending, limit)
        || isOverShare(pending)) {
      drop(connection, pending);
    }
  }

  /// True if all buffers together are over their limit, and this connection is among those that are
  /// to blame: there is always one with more than an even share.
  private boolean isOverShare(int pending) {
    long all = limits.buffersBytesMax();
    return server.bufferBytes().get() > all
        && pending > all / Math.max(1, server.connectionCount());
  }

  private boolean isOverSoftForLong(Connection connection, int pending, OutputLimits.Limit limit) {
    if (limit.softBytes() == 0 || pending <= limit.softBytes()) {
      connection.isOverSoftLimit = false;
      return false;
    }
    long now = store.clock().nanoTime();
    if (!connection.isOverSoftLimit) {
      connection.isOverSoftLimit = true;
      connection.softSinceNanos = now;
    }
    return now - connection.softSinceNanos > limit.softSeconds() * NANOS_PER_SECOND;
  }

  private void drop(Connection connection, int pending) {
    if (!connection.isDropped) {
      LOGGER.log(
          Level.WARNING,
          "client {0}: closed, it leaves {1} bytes unread",
          connection.session.id(),
          pending);
      server.outputLimitReached();
      loop.closeSoon(connection);
    }
  }

  /// Writes the log, then sends what is safe.
  ///
  /// @param roundInputs how many inputs this round has found
  void settle(int roundInputs) {
    if (dirty.isEmpty() && gated.isEmpty() && !isGathering()) {
      return;
    }
    loop.awaitProgress(true); // before the sequences are read: no progress can be missed
    boolean isSynced = store.durability().mode() == Durability.Mode.ALWAYS;
    if (!isSynced) {
      writeLog();
    } else if (isGathering() && store.durableSequence() != gatheredAfter) {
      writeLog(); // a sync has ended: the next one begins before replies take their time
      store.requestSync();
    }
    AtlasException failure = store.failure();
    long safe = isSynced ? store.durableSequence() : store.writtenSequence();
    sendSafe(safe, failure);
    if (isSynced) {
      writeGathered(roundInputs);
    }
    if (loop.awaitProgress(!gated.isEmpty()) && hasProgressed(isSynced, safe, failure)) {
      loop.wakeUp();
    }
  }

  /// Sends the replies of this round, and the gated ones of earlier rounds if anything has changed.
  private void sendSafe(long safe, @Nullable AtlasException failure) {
    ArrayList<Connection> sending = dirty;
    dirty = scratch;
    scratch = sending;
    if (safe != settledSequence || failure != null) {
      settledSequence = safe;
      gated.forEach(connection -> {
        connection.isGated = false;
        if (!connection.isDirty) {
          sending.add(connection);
        }
      });
      gated.clear();
    }
    for (int i = 0; i < sending.size(); i++) {
      Connection connection = sending.get(i);
      connection.isDirty = false;
      send(connection, safe, failure);
    }
    sending.clear();
  }

  /// Mode always: writes the log and asks for a sync, unless more input may be there already, or a
  /// sync runs, which covers no more anyway. Then the next round looks, at once or when there is
  /// input or that sync has ended, and what it finds shares the write and the sync. Nobody waits
  /// for input that is not there, nor for a second sync.
  private void writeGathered(int roundInputs) {
    if (!gated.isEmpty() && gatheredInputs + roundInputs > 0 && mayGather(roundInputs)) {
      if (gatheredInputs == 0) {
        gatheredAfter = store.durableSequence();
      }
      gatheredInputs += roundInputs;
      isLookingAtOnce = roundInputs > 0;
      return;
    }
    writeLog();
    if (!gated.isEmpty()) {
      store.requestSync();
    }
  }

  private boolean mayGather(int roundInputs) {
    return gatheredInputs < GATHERED_INPUTS_MAX && (roundInputs > 0 || store.isSyncing());
  }

  private void writeLog() {
    gatheredInputs = 0;
    isLookingAtOnce = false;
    isWritingLog = true;
    try {
      store.writeLog();
    } finally {
      isWritingLog = false;
    }
  }

  /// True while the loop's thread writes the log; for that thread.
  boolean isWritingLog() {
    return isWritingLog;
  }

  /// True if something waits to share a write with more input.
  private boolean isGathering() {
    return gatheredInputs > 0;
  }

  /// True if the next round is to look for more input at once.
  boolean isLookingAtOnce() {
    return isLookingAtOnce;
  }

  private boolean hasProgressed(boolean isSynced, long safe, @Nullable AtlasException failure) {
    long now = isSynced ? store.durableSequence() : store.writtenSequence();
    return now != safe || store.failure() != failure;
  }

  private void send(Connection connection, long safe, @Nullable AtlasException failure) {
    ReplyQueue replies = connection.replies;
    if (connection.isClosed || connection.isDropped || replies == null) {
      return;
    }
    replies.release(safe);
    if (failure != null && replies.isGated()) {
      replies.fail(safe, Errors.readOnly(failure), connection.writer);
    }
    if (replies.isGated() && !connection.isGated) {
      connection.isGated = true;
      gated.add(connection);
    }
    write(connection, replies);
  }

  /// The socket of a connection takes bytes again.
  void writable(Connection connection) {
    ReplyQueue replies = connection.replies;
    if (!connection.isClosed && !connection.isDropped && replies != null) {
      write(connection, replies);
    }
  }

  private void write(Connection connection, ReplyQueue replies) {
    try {
      if (replies.sendable() > 0) {
        ByteBuffer view = replies.buffer().view(replies.sentOffset(), replies.releasedOffset());
        int bytes = connection.transport.write(view);
        loop.sent(bytes);
        replies.sent(bytes);
      }
    } catch (IOException _) {
      loop.close(connection);
      return;
    }
    boolean isFull = replies.sendable() > 0;
    int pending = replies.pendingBytes();
    if (pending == 0) {
      connection.replies = null;
      buffers.give(replies);
      if (connection.isEnding && connection.parked == null) {
        loop.close(connection);
        return;
      }
    } else if (isFull) {
      replies.compact();
    }
    connection.interest(connection.isReadWanted(), isFull);
    if (connection.isPaused && pending < limits.replyPauseBytes() / 2) {
      loop.resume(connection);
    }
  }

  /// True if no reply waits.
  boolean isIdle() {
    return dirty.isEmpty() && gated.isEmpty();
  }
}
