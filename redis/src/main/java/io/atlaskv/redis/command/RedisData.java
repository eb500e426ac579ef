package io.atlaskv.redis.command;

import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.data.AccessTimes;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.ScanCursors;
import io.atlaskv.redis.data.StringLayout;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.data.WatchedKeys;
import io.atlaskv.redis.pubsub.KeyEvents;
import io.atlaskv.redis.pubsub.PubSub;
import io.atlaskv.redis.store.Store;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/// Everything that all commands of one store share.
public final class RedisData {
  private static final System.Logger LOGGER = new LateLogger(RedisData.class);
  private static final long NANOS_PER_MICRO = 1000;
  private static final int RUN_ID_LENGTH = 40;
  private static final long STRING_BYTES_MAX = 1L << 40; // numbers of fragments are ints

  private final Store store;
  private final Databases databases;
  private final StringLayout stringLayout;
  private final Latches latches = new Latches();
  private final ScanCursors scanCursors;
  private final Settings settings;
  private final WatchedKeys watchedKeys = new WatchedKeys();
  private final QueuePool queues = new QueuePool();
  private final PubSub pubSub = new PubSub();
  private final KeyEvents keyEvents = new KeyEvents(pubSub);
  private final ClientPause pause;
  private final CrossProtocol crossProtocol;
  private final CommandStatistics statistics = new CommandStatistics();
  private final SlowLog slowLog;
  private final LatencyMonitor latencyMonitor;
  private final AccessTimes accessTimes;
  private volatile boolean isActiveExpire = true;
  private final RareWarning crowdWarning;
  private final Snapshots snapshots;
  private final MaxMemory maxMemory;
  private final String runId;
  private final LongAdder expiredKeys = new LongAdder();
  private final List<Runnable> statisticsResets = new CopyOnWriteArrayList<>();

  private RedisData(
      Store store, Settings settings, Databases databases, StringLayout stringLayout) {
    this.store = store;
    this.settings = settings;
    this.databases = databases;
    this.stringLayout = stringLayout;
    scanCursors = new ScanCursors(store.random());
    pause = new ClientPause(store.clock());
    crossProtocol = new CrossProtocol(store.clock());
    crowdWarning = new RareWarning(store.clock());
    long now = store.clock().currentTimeMillis();
    slowLog = new SlowLog(store.clock(), settings);
    latencyMonitor = new LatencyMonitor(settings.monitoring.latencyMonitorThreshold);
    accessTimes = new AccessTimes(now);
    snapshots = new Snapshots(store, settings.storage);
    maxMemory = new MaxMemory(this);
    runId = newRunId();
    accessTimes.note(store.visibleSequence(), now);
    var wanted = settings.monitoring.notifyKeyspaceEvents;
    keyEvents.select(wanted.value());
    wanted.onChange(() -> keyEvents.select(wanted.value()));
  }

  private static String newRunId() {
    var id = new StringBuilder();
    while (id.length() < RUN_ID_LENGTH) {
      id.append(Character.forDigit(ThreadLocalRandom.current().nextInt(16), 16));
    }
    return id.toString();
  }

  /// Tells this run of the server from all others, as 40 hexadecimal digits.
  public String runId() {
    return runId;
  }

  /// Opens the databases of a store, every setting at its default. May block.
  public static RedisData open(Store store) {
    return open(store, new Settings());
  }

  /// Opens the databases of a store. May block.
  public static RedisData open(Store store, Settings settings) {
    return open(store, settings, StringLayout.open(store));
  }

  /// As above, with strings laid out in a way of their own.
  public static RedisData open(Store store, Settings settings, StringLayout stringLayout) {
    return new RedisData(store, settings, Databases.open(store), stringLayout);
  }

  public Store store() {
    return store;
  }

  public Databases databases() {
    return databases;
  }

  public StringLayout stringLayout() {
    return stringLayout;
  }

  /// Longest string that a client may make.
  public long stringBytesMax() {
    return Math.min(settings.clients.protoMaxBulkLen.value(), STRING_BYTES_MAX);
  }

  public Latches latches() {
    return latches;
  }

  public ScanCursors scanCursors() {
    return scanCursors;
  }

  public Settings settings() {
    return settings;
  }

  public WatchedKeys watchedKeys() {
    return watchedKeys;
  }

  QueuePool queues() {
    return queues;
  }

  /// Ends what a client has begun by MULTI and WATCH. Does nothing without.
  ///
  /// @param host counts the memory of queues
  public void endTransaction(Session session, Host host) {
    CommandQueue queue = session.queue();
    if (queue != null) {
      session.queue(null);
      queues.give(queue, host);
    }
    unwatch(session);
  }

  /// A client watches no key any more.
  public void unwatch(Session session) {
    WatchList watches = session.watches();
    if (watches != null) {
      session.watches(null);
      watchedKeys.remove(watches);
    }
  }

  public PubSub pubSub() {
    return pubSub;
  }

  public ClientPause pause() {
    return pause;
  }

  CrossProtocol crossProtocol() {
    return crossProtocol;
  }

  /// A client was refused a subscription, since all together have too many. Any thread.
  public void subscriptionRefused(Session session) {
    if (crowdWarning.isDue()) {
      LOGGER.log(
          Level.WARNING,
          "client {0}: no more subscriptions, those of all clients take {1} bytes",
          session.id(),
          pubSub.heldBytes());
    }
  }

  /// A client was refused a watch, since all together have too many. Any thread.
  public void watchRefused(Session session) {
    if (crowdWarning.isDue()) {
      LOGGER.log(
          Level.WARNING,
          "client {0}: no more watched keys, those of all clients take {1} bytes",
          session.id(),
          watchedKeys.heldBytes());
    }
  }

  public KeyEvents keyEvents() {
    return keyEvents;
  }

  /// Runs `reset` at each CONFIG RESETSTAT, on the thread of the command.
  public void onStatisticsReset(Runnable reset) {
    statisticsResets.add(reset);
  }

  public MaxMemory maxMemory() {
    return maxMemory;
  }

  public Snapshots snapshots() {
    return snapshots;
  }

  /// Rows that were written or deleted since the last snapshot or the start: one for most changes
  /// of a key, more for large strings.
  public long changedRows() {
    return Math.max(0, store.visibleSequence() - snapshots.savedSequence());
  }

  /// Starts the counters of INFO anew.
  public void resetStatistics() {
    expiredKeys.reset();
    maxMemory.resetStatistics();
    statistics.reset();
    statisticsResets.forEach(Runnable::run);
  }

  /// Whether keys whose time has come are deleted before somebody meets them.
  public boolean isActiveExpire() {
    return isActiveExpire;
  }

  public void isActiveExpire(boolean value) {
    isActiveExpire = value;
  }

  /// What was counted of each command.
  public CommandStatistics statistics() {
    return statistics;
  }

  public SlowLog slowLog() {
    return slowLog;
  }

  /// Whether SLOWLOG keeps a command that took so long.
  boolean isSlow(RegisteredCommand command, long nanos) {
    long slowMicros = settings.monitoring.slowlogLogSlowerThan.value();
    return slowMicros >= 0
        && nanos / NANOS_PER_MICRO >= slowMicros
        && !command.spec.has(Flag.SKIP_SLOWLOG);
  }

  public LatencyMonitor latencyMonitor() {
    return latencyMonitor;
  }

  public AccessTimes accessTimes() {
    return accessTimes;
  }

  /// Counts keys that were deleted because their time had come.
  public void keysExpired(int count) {
    expiredKeys.add(count);
  }

  public long expiredKeys() {
    return expiredKeys.sum();
  }
}
