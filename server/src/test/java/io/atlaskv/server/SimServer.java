package io.atlaskv.server;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.store.SimStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A whole server in one thread: loops, store and clients take their turns as a seed says.
final class SimServer {
  private static final long MIB = 1024 * 1024;

  final SimStore store;
  final Server server;
  private final List<EventLoop> loops = new ArrayList<>();
  private final List<SimPoller> pollers = new ArrayList<>();
  private final List<SimBufferPool> pools = new ArrayList<>();
  private final Random random;
  private boolean isShutdown;

  SimServer(long seed, int loopCount, Durability durability) {
    this(seed, loopCount, durability, Limits.of(64 * MIB, 64 * MIB));
  }

  SimServer(long seed, int loopCount, Durability durability, Limits limits) {
    random = new Random(seed);
    store = SimStore.create(seed, durability);
    var data = RedisData.open(store);
    store.writeLog();
    var facts = new ServerFacts("test", () -> 0, null, loopCount, 64 * MIB, 0);
    server = new Server(data, limits, facts, () -> isShutdown = true);
    for (int i = 0; i < loopCount; i++) {
      var poller = new SimPoller();
      pollers.add(poller);
      var pool = new SimBufferPool(limits, server);
      pools.add(pool);
      loops.add(server.addLoop(poller, pool));
    }
  }

  boolean isShutdown() {
    return isShutdown;
  }

  /// From now on there is memory for the input of loop `number`'s clients, or none.
  void hasInputMemory(int number, boolean hasMemory) {
    pools.get(number).isEmpty = !hasMemory;
  }

  EventLoop loop(int number) {
    return loops.get(number);
  }

  /// How often loop `number` was told not to sleep.
  int wakeUps(int number) {
    return pollers.get(number).wakeUps;
  }

  /// A client of loop `number`.
  SimClient connect(int number) {
    return connect(number, Protocol.RESP);
  }

  SimClient connect(int number, Protocol protocol) {
    var client = new SimClient();
    client.connection = loops.get(number).open(client, protocol);
    pollers.get(number).clients.add(client);
    return client;
  }

  /// One round of one loop, drawn by the seed; the background moves only in `settle`.
  void step() {
    step(random.nextInt(loops.size()));
  }

  void step(int number) {
    step(number, false);
  }

  /// One round that would sleep if there is nothing to do; answers for how long, as `Poller.poll`.
  long sleepyStep(int number) {
    step(number, true);
    return pollers.get(number).timeoutNanos;
  }

  private void step(int number, boolean maySleep) {
    try {
      loops.get(number).step(maySleep);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Rounds of all loops without the background.
  void run() {
    for (int i = 0; i < 8 * loops.size(); i++) {
      step(i % loops.size());
    }
  }

  /// Everything to its end.
  void settle() {
    long last = -1;
    for (int quiet = 0; quiet < 4; ) {
      run();
      store.settle();
      long now = moved();
      quiet = now == last ? quiet + 1 : 0;
      last = now;
    }
  }

  /// Changes whenever anything moves.
  private long moved() {
    long sum = 0;
    for (EventLoop loop : loops) {
      sum += loop.commands();
    }
    for (SimPoller poller : pollers) {
      for (SimClient client : poller.clients) {
        sum += client.writes + client.unread();
      }
    }
    return sum;
  }

  private static final class SimBufferPool extends BufferPool {
    private boolean isEmpty;

    SimBufferPool(Limits limits, Server server) {
      super(limits.replyBytesMax(), limits.buffersKeptBytesMax(), server.bufferBytes());
    }

    @Override
    NativeBuffer take() {
      if (isEmpty) {
        throw new OutOfMemoryError("planted");
      }
      return super.take();
    }
  }

  /// Reports what clients have sent.
  private static final class SimPoller implements Poller {
    private final List<SimClient> clients = new ArrayList<>();
    private int wakeUps;
    private long timeoutNanos;

    @Override
    public void poll(long timeoutNanos, EventLoop loop) {
      this.timeoutNanos = timeoutNanos;
      for (SimClient client : List.copyOf(clients)) {
        if (client.isWriteWanted && client.window > 0) {
          loop.writable(client.connection);
        }
        if (client.isReadWanted && (!client.sent.isEmpty() || client.isHungUp)) {
          loop.readable(client.connection);
        }
      }
    }

    @Override
    public void wakeUp() {
      wakeUps++;
    }

    @Override
    public void close() {}
  }

  /// Both ends of one connection.
  static final class SimClient implements Transport {
    private final ArrayDeque<Byte> sent = new ArrayDeque<>();
    private final StringBuilder received = new StringBuilder();
    private Connection connection;
    private boolean isReadWanted = true;
    private boolean isWriteWanted;
    private boolean isHungUp;
    private boolean isClosed;
    private int window = Integer.MAX_VALUE;
    private int writes;
    private Runnable beforeWrite = () -> {};

    /// Sends bytes to the server.
    void send(String bytes) {
      for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
        sent.add(b);
      }
    }

    /// Sends an inline command.
    void command(String words) {
      send(words + "\r\n");
    }

    /// What has come since the last call.
    String received() {
      String text = received.toString();
      received.setLength(0);
      return text;
    }

    /// How many bytes it will still take.
    void window(int bytes) {
      window = bytes;
    }

    /// Runs before the server sends it anything.
    void beforeWrite(Runnable action) {
      beforeWrite = action;
    }

    void hangUp() {
      isHungUp = true;
    }

    boolean isClosed() {
      return isClosed;
    }

    int unread() {
      return sent.size();
    }

    int writes() {
      return writes;
    }

    Connection connection() {
      return connection;
    }

    @Override
    public int read(ByteBuffer target) {
      if (sent.isEmpty() && isHungUp) {
        return -1;
      }
      int count = 0;
      while (target.hasRemaining() && !sent.isEmpty()) {
        target.put(sent.remove());
        count++;
      }
      return count;
    }

    @Override
    public int write(ByteBuffer source) {
      beforeWrite.run();
      writes++;
      int count = Math.min(window, source.remaining());
      for (int i = 0; i < count; i++) {
        received.append((char) (source.get() & 0xff));
      }
      window -= window == Integer.MAX_VALUE ? 0 : count;
      return count;
    }

    @Override
    public void interest(boolean inReading, boolean inWriting) {
      isReadWanted = inReading;
      isWriteWanted = inWriting;
    }

    @Override
    public void close() {
      isClosed = true;
      isReadWanted = false;
      isWriteWanted = false;
    }

    @Override
    public String remoteAddress() {
      return "sim:1";
    }

    @Override
    public String localAddress() {
      return "sim:0";
    }
  }
}
