package io.atlaskv.server;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.config.DurabilitySetting;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.NumberSetting;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.config.ValueSetting;
import io.atlaskv.redis.store.EngineStore;
import io.atlaskv.redis.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A running server: the store, the event loops and their threads, the doors.
public final class AtlasServer implements AutoCloseable {
  /// Where snapshots are made, in the directory of the data.
  private static final String SNAPSHOTS = "snapshots";

  private static final long SAVE_NANOS = 100_000_000;
  private static final long HOUSEKEEPING_NANOS = 500_000_000;

  private static final System.Logger LOGGER = new LateLogger(AtlasServer.class);

  private final Engine engine;
  private final Settings settings;
  private final Doors doors;
  private final ServerHealth health;
  private final OptionalInt nativePort;
  private final List<String> addresses;
  private final Optional<String> nativeAddress;
  private final List<LoopThread> threads = new ArrayList<>();
  private final CountDownLatch shutdownRequest = new CountDownLatch(1);
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private volatile @Nullable Error failure;

  private AtlasServer(Engine engine, Settings settings, Doors doors, ServerHealth health)
      throws IOException {
    this.engine = engine;
    this.settings = settings;
    this.doors = doors;
    this.health = health;
    nativePort = doors.nativePort();
    addresses = List.copyOf(doors.redis().addresses());
    ServerSocketChannel binary = doors.binary();
    nativeAddress = binary == null ? Optional.empty() : Optional.of(ListeningSocket.text(binary));
  }

  /// Opens the directory, takes the ports and serves.
  ///
  /// @throws IOException if an address cannot be listened on that must be
  /// @throws io.atlaskv.engine.api.AtlasException if the directory cannot be opened
  /// @throws io.atlaskv.redis.data.MetadataException if its databases are not known to this version
  public static AtlasServer start(Settings settings, String version) throws IOException {
    return start(settings, DoorSettings.of(settings), version);
  }

  static AtlasServer start(Settings settings, DoorSettings others, String version)
      throws IOException {
    Path directory = Path.of(settings.storage.dir.value()).toAbsolutePath().normalize();
    var health = new ServerHealth();
    Doors doors = Doors.open(settings, others, health);
    Engine engine = null;
    try {
      engine = EngineOpener.open(directory, settings.storage.options());
      engine.recoveryReport().losses().forEach(AtlasServer::warnOf);
      var server = new AtlasServer(engine, settings, doors, health);
      server.startLoops(directory, version);
      return server;
    } catch (IOException | RuntimeException e) {
      doors.close();
      if (engine != null) {
        engine.close();
      }
      throw e;
    }
  }

  private static void warnOf(Loss loss) {
    String count =
        loss.isCounted()
            ? loss.entries() + (loss.entries() == 1 ? " write" : " writes")
            : "nobody knows how many writes";
    LOGGER.log(
        Level.WARNING, "damage of the log was passed over: " + loss + ", " + count + " lost");
  }

  private void startLoops(Path directory, String version) throws IOException {
    Store store =
        new EngineStore(engine, () -> SystemPorts.directories(directory.resolve(SNAPSHOTS)));
    RedisData data = RedisData.open(store, settings);
    store.writeLog();
    int loopCount = loopCount();
    long memoryLimit = engine.memoryLimitBytes();
    var facts =
        new ServerFacts(
            version, this::port, directory, loopCount, memoryLimit, store.clock().nanoTime());
    Limits limits = Limits.of(memoryLimit, store.batchBytesMax());
    describe(directory, store);
    var server = new Server(data, limits, facts, shutdownRequest::countDown);
    var pollers = new ArrayList<NioPoller>();
    for (int i = 0; i < loopCount; i++) {
      var poller = new NioPoller();
      pollers.add(poller);
      threads.add(new LoopThread(i, server.addLoop(poller), this::loopFailed));
    }
    doors
        .redis()
        .serve(
            threads.getFirst().loop(),
            pollers.getFirst(),
            acceptor(Protocol.RESP, server, pollers)::accept);
    ServerSocketChannel binary = doors.binary();
    if (binary != null) {
      pollers.getFirst().listen(binary, acceptor(Protocol.NATIVE, server, pollers)::accept);
    }
    new ExpiryClock(threads.getFirst().loop(), data).start();
    EventLoop first = threads.getFirst().loop();
    new RecurringTask(first, SAVE_NANOS, "looking for due snapshots", data.snapshots()::turn)
        .start();
    threads.stream()
        .map(LoopThread::loop)
        .map(loop -> new RecurringTask(loop, HOUSEKEEPING_NANOS, "housekeeping", loop::housekeep))
        .forEach(RecurringTask::start);
    threads.forEach(LoopThread::start);
    OomScore.follow(settings.process.oom);
    health.serving(server);
  }

  private void loopFailed(Error error) {
    health.broken();
    failure = error;
    shutdownRequest.countDown();
  }

  private Acceptor acceptor(Protocol protocol, Server server, List<NioPoller> pollers) {
    List<EventLoop> loops = threads.stream().map(LoopThread::loop).toList();
    return new Acceptor(protocol, server, loops, pollers);
  }

  private int loopCount() {
    int given = settings.network.loops.intValue();
    return given > 0 ? given : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /// Settings say what they came to, and are obeyed from now on.
  private void describe(Path directory, Store store) {
    settings.derive(settings.network.port, Integer.toString(port()));
    settings.derive(settings.network.nativePort, Integer.toString(nativePort.orElse(-1)));
    settings.derive(settings.network.httpPort, Integer.toString(httpPort().orElse(-1)));
    settings.derive(settings.network.loops, Integer.toString(loopCount()));
    settings.derive(settings.storage.dir, directory.toString());
    settings.derive(settings.storage.memoryLimit, Long.toString(engine.memoryLimitBytes()));
    DurabilitySetting durability = settings.storage.durability;
    durability.onChange(() -> store.durability(durability.value()));
    NumberSetting bytes = settings.storage.compactionBytesPerSecond;
    NumberSetting iops = settings.storage.compactionIops;
    Runnable ceilings = () -> engine.compactionCeilings(bytes.value(), iops.value());
    bytes.onChange(ceilings);
    iops.onChange(ceilings);
    ValueSetting<String> dir = settings.storage.dir;
    dir.onChange(() -> {
      if (!directory.equals(Path.of(dir.value()).toAbsolutePath().normalize())) {
        throw new IllegalArgumentException("the data stays where it is while the server runs");
      }
    });
  }

  /// The port it listens on.
  public int port() {
    return doors.redis().port();
  }

  /// Where the clients of Redis came in when it started: `127.0.0.1:6379`, `*:6379` for every
  /// address of the machine, the path of `unixsocket`.
  public List<String> addresses() {
    return addresses;
  }

  /// Where those of the native protocol come in, if that door is open.
  public Optional<String> nativeAddress() {
    return nativeAddress;
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

  /// What an event loop has ended by, so that the server cannot go on; null if nothing.
  public @Nullable Error failure() {
    return failure;
  }

  /// Waits until a client has sent SHUTDOWN, or `requestShutdown`, or there is a `failure`.
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
