package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.resp.Args;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// What clients of one loop have sent: read into memory that all connections share, and kept in a
/// buffer of its own only for a connection whose request is not complete or has to wait.
final class Inbound {
  /// Bytes that a connection without a buffer of its own can send at once.
  static final int READ_BYTES = 64 * 1024;

  private static final System.Logger LOGGER = new LateLogger(Inbound.class);

  private final EventLoop loop;
  private final Server server;
  private final Limits limits;
  private final NativeBuffer shared;
  private final BufferPool buffers;
  private final AtomicLong bytes = new AtomicLong();

  Inbound(EventLoop loop, Server server, NativeBuffer shared, BufferPool buffers) {
    this.loop = loop;
    this.server = server;
    this.shared = shared;
    this.buffers = buffers;
    limits = server.limits();
  }

  /// Bytes read so far. Any thread may ask.
  long bytes() {
    return bytes.get();
  }

  private int received(int count) {
    if (count > 0) {
      bytes.lazySet(bytes.getPlain() + count);
    }
    return count;
  }

  /// Reads what has come and has it processed; false at the end of the stream.
  boolean read(Connection connection) throws IOException {
    NativeBuffer input = connection.input;
    if (input == null) {
      ByteBuffer view = shared.view(0, READ_BYTES);
      int count = received(connection.transport.read(view));
      if (count > 0) {
        loop.process(connection, shared, 0, count);
      }
      return count >= 0;
    }
    int wanted =
        Math.max(
            READ_BYTES / 4,
            Math.min(connection.parser.missing(), Math.max(READ_BYTES, input.length())));
    makeRoom(connection, input, wanted);
    if (connection.isClosed) {
      return true;
    }
    int at = input.length();
    int count = received(connection.transport.read(input.view(at, at + wanted)));
    if (count > 0) {
      input.reserve(count);
      loop.process(connection, input, connection.inputStart, at + count);
    }
    return count >= 0;
  }

  /// Reads what has come behind the request of a parked connection, to learn whether its client is
  /// still there; it is processed when its turn comes. Only into the room that is there: the parked
  /// request stays where it is. False at the end of the stream.
  boolean readAhead(Connection connection) throws IOException {
    NativeBuffer input = connection.input;
    int at = input == null ? 0 : input.length();
    int room = input == null ? 0 : input.capacity() - at - Args.SLACK_BYTES;
    if (input == null || room <= 0) {
      connection.interest(false, connection.isWriteWanted());
      return true;
    }
    int count = received(connection.transport.read(input.view(at, at + room)));
    if (count > 0) {
      input.reserve(count);
    }
    return count >= 0;
  }

  private void makeRoom(Connection connection, NativeBuffer input, int wanted) {
    int start = connection.inputStart;
    if (start > 0) {
      int rest = input.length() - start;
      MemorySegment.copy(input.segment(), start, input.segment(), 0, rest);
      input.truncate(rest);
      connection.inputStart = 0;
    }
    if ((long) input.length() + wanted + Args.SLACK_BYTES > server.inputBytesMax()
        || server.bufferBytes().get() > limits.buffersBytesMax()) {
      LOGGER.log(
          Level.WARNING,
          "client {0}: closed, its request is over the limit",
          connection.session.id());
      server.inputLimitReached();
      loop.close(connection);
      return;
    }
    int capacity = input.capacity();
    input.ensureRoom(wanted + Args.SLACK_BYTES);
    buffers.grown(input, capacity);
  }

  /// Keeps `[at, to)` of `memory`, the shared buffer or the connection's own, for later.
  void keep(Connection connection, NativeBuffer memory, int at, int to) {
    if (connection.isClosed) {
      return;
    }
    if (at == to) {
      free(connection);
      return;
    }
    NativeBuffer input = connection.input;
    if (input == null) {
      input = buffers.take(to - at + Args.SLACK_BYTES);
      input.put(memory.segment(), at, to - at);
      connection.input = input;
      connection.inputStart = 0;
    } else {
      connection.inputStart = at;
    }
  }

  /// Gives the buffer of a connection back, if it has one.
  void free(Connection connection) {
    NativeBuffer input = connection.input;
    if (input != null) {
      connection.input = null;
      connection.inputStart = 0;
      buffers.give(input);
    }
  }
}
