package io.atlaskv.server;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.store.EngineStore;
import io.atlaskv.redis.store.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running server: the store, the event loops and their threads, the listening socket.
public final class AtlasServer implements AutoCloseable {
  private static final int BACKLOG = 511;

  private final Engine engine;
  private final ServerSocketChannel listener;
  private final int port;
  private final List<LoopThread> threads = new ArrayList<>();
  private final CountDownLatch shutdownRequest = new CountDownLatch(1);
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private AtlasServer(Engine engine, ServerSocketChannel listener, int port) {
    this.engine = engine;
    this.listener = listener;
    this.port = port;
  }

  /// Opens the directory, takes the port and serves.
  ///
  /// @throws IOException if the address cannot be listened on
  /// @throws io.atlaskv.engine.api.AtlasException if the directory cannot be opened
  public static AtlasServer start(ServerSettings settings, String version) throws IOException {
    ServerSocketChannel listener = listen(settings);
    Engine engine = null;
    try {
      int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
      engine = EngineOpener.open(settings.directory(), settings.options());
      var server = new AtlasServer(engine, listener, port);
      server.startLoops(settings, version);
      return server;
    } catch (IOException | RuntimeException e) {
      listener.close();
      if (engine != null) {
        engine.close();
      }
      throw e;
    }
  }

  private static ServerSocketChannel listen(ServerSettings settings) throws IOException {
    var address = new InetSocketAddress(settings.bind(), settings.port());
    if (address.isUnresolved()) {
      throw new IOException("cannot listen: unknown address '" + settings.bind() + "'");
    }
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address, BACKLOG);
      listener.configureBlocking(false);
      return listener;
    } catch (IOException e) {
      listener.close();
      String place = settings.bind() + ":" + settings.port();
      throw new IOException("cannot listen on " + place + ": " + e.getMessage(), e);
    }
  }

  private void startLoops(ServerSettings settings, String version) throws IOException {
    Store store = new EngineStore(engine);
    RedisData data = RedisData.open(store);
    store.writeLog();
    int loopCount = settings.loopsOrDefault();
    long memoryLimit = engine.memoryLimitBytes();
    var facts =
        new ServerFacts(
            version,
            port,
            settings.directory().toAbsolutePath(),
            loopCount,
            memoryLimit,
            store.clock().nanoTime());
    Limits limits = Limits.of(memoryLimit, store.batchBytesMax());
    describe(data.settings(), settings, limits, store);
    var server = new Server(data, limits, facts, shutdownRequest::countDown);
    var pollers = new ArrayList<NioPoller>();
    for (int i = 0; i < loopCount; i++) {
      var poller = new NioPoller();
      pollers.add(poller);
      threads.add(new LoopThread(i, server.addLoop(poller)));
    }
    var acceptor =
        new Acceptor(
            Protocol.RESP, server, threads.stream().map(LoopThread::loop).toList(), pollers);
    pollers.getFirst().listen(listener, acceptor::accept);
    new ExpiryClock(threads.getFirst().loop(), data).start();
    threads.forEach(LoopThread::start);
  }

  /// Settings say what was given, or what it came to.
  private void describe(Settings known, ServerSettings settings, Limits limits, Store store) {
    known.derive(known.network.port, Integer.toString(port));
    known.derive(known.network.bind, settings.bind());
    known.derive(known.network.tcpBacklog, Integer.toString(BACKLOG));
    known.derive(known.storage.dir, settings.directory().toAbsolutePath().toString());
    known.derive(known.storage.durability, store.durability().toString());
    known.derive(known.storage.memoryLimit, Long.toString(engine.memoryLimitBytes()));
    known.derive(known.clients.maxclients, Integer.toString(limits.clientsMax()));
    known.derive(known.clients.protoMaxBulkLen, Integer.toString(limits.bulkBytesMax()));
    known.derive(known.clients.queryBufferLimit, Integer.toString(limits.inputBytesMax()));
    known.storage.durability.onChange(() -> store.durability(known.storage.durability.value()));
  }

  /// The port it listens on.
  public int port() {
    return port;
  }

  /// Memory that the process plans with.
  public long memoryLimitBytes() {
    return engine.memoryLimitBytes();
  }

  public Durability durability() {
    return engine.durability();
  }

  /// Waits until a client has sent SHUTDOWN, or `requestShutdown`.
  public void awaitShutdownRequest() throws InterruptedException {
    shutdownRequest.await();
  }

  /// Ends `awaitShutdownRequest`.
  public void requestShutdown() {
    shutdownRequest.countDown();
  }

  /// Takes no more connections, sends what may be sent, syncs, closes the store.
  @Override
  public void close() throws IOException {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    listener.close();
    threads.forEach(LoopThread::requestStop);
    for (LoopThread thread : threads) {
      thread.awaitEnd();
    }
    engine.close();
    threads.forEach(thread -> thread.loop().close());
  }
}
