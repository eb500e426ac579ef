package io.atlaskv.server;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.store.EngineStore;
import io.atlaskv.redis.store.Store;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running server: the store, the event loops and their threads, the doors.
public final class AtlasServer implements AutoCloseable {
  private final Engine engine;
  private final Doors doors;
  private final ServerHealth health;
  private final int port;
  private final OptionalInt nativePort;
  private final List<LoopThread> threads = new ArrayList<>();
  private final CountDownLatch shutdownRequest = new CountDownLatch(1);
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private AtlasServer(Engine engine, Doors doors, ServerHealth health) throws IOException {
    this.engine = engine;
    this.doors = doors;
    this.health = health;
    port = ListeningSocket.port(doors.redis());
    nativePort = doors.nativePort();
  }

  /// Opens the directory, takes the port and serves; no other door is opened.
  ///
  /// @throws IOException if the address cannot be listened on
  /// @throws io.atlaskv.engine.api.AtlasException if the directory cannot be opened
  public static AtlasServer start(ServerSettings settings, String version) throws IOException {
    return start(settings, DoorSettings.NONE, version);
  }

  /// Opens the directory, takes the ports and serves.
  ///
  /// @throws IOException if an address cannot be listened on that must be
  /// @throws io.atlaskv.engine.api.AtlasException if the directory cannot be opened
  public static AtlasServer start(ServerSettings settings, DoorSettings others, String version)
      throws IOException {
    var health = new ServerHealth();
    Doors doors = Doors.open(settings, others, health);
    Engine engine = null;
    try {
      engine = EngineOpener.open(settings.directory(), settings.options());
      var server = new AtlasServer(engine, doors, health);
      server.startLoops(settings, version);
      return server;
    } catch (IOException | RuntimeException e) {
      doors.close();
      if (engine != null) {
        engine.close();
      }
      throw e;
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
    accept(doors.redis(), Protocol.RESP, server, pollers);
    ServerSocketChannel binary = doors.binary();
    if (binary != null) {
      accept(binary, Protocol.NATIVE, server, pollers);
    }
    new ExpiryClock(threads.getFirst().loop(), data).start();
    threads.forEach(LoopThread::start);
    health.serving(server);
  }

  private void accept(
      ServerSocketChannel listener, Protocol protocol, Server server, List<NioPoller> pollers)
      throws IOException {
    List<EventLoop> loops = threads.stream().map(LoopThread::loop).toList();
    var acceptor = new Acceptor(protocol, server, loops, pollers);
    pollers.getFirst().listen(listener, acceptor::accept);
  }

  /// Settings say what was given, or what it came to.
  private void describe(Settings known, ServerSettings settings, Limits limits, Store store) {
    known.derive(known.network.port, Integer.toString(port));
    known.derive(known.network.bind, settings.bind());
    known.derive(known.network.tcpBacklog, Integer.toString(ListeningSocket.BACKLOG));
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

  /// The port of the native protocol, if that door is open.
  public OptionalInt nativePort() {
    return nativePort;
  }

  /// The port of the HTTP door, if it is open.
  public OptionalInt httpPort() {
    return doors.httpPort();
  }

  /// What could not be had though the server has started, a sentence each.
  public List<String> warnings() {
    return doors.warnings();
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
    health.ending();
    doors.closeToClients();
    threads.forEach(LoopThread::requestStop);
    for (LoopThread thread : threads) {
      thread.awaitEnd();
    }
    engine.close();
    threads.forEach(thread -> thread.loop().close());
    doors.close();
  }
}
