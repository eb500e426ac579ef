package io.atlaskv.server;

import io.atlaskv.redis.command.ClientFigures;
import io.atlaskv.redis.command.CommandTable;
import io.atlaskv.redis.command.Host;
import io.atlaskv.redis.command.KeyReads;
import io.atlaskv.redis.command.LatencyHistogram;
import io.atlaskv.redis.command.MemoryFigures;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.pubsub.PubSub;
import io.atlaskv.redis.pubsub.Subscriptions;
import io.atlaskv.redis.store.Written;
import io.atlaskv.server.http.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What the loops of one server share: data, limits, the list of clients. Has no thread and no
/// socket of its own, so a test can drive it from one thread.
final class Server implements Host {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Shares of calls that `/metrics` tells the time of.
  private static final List<Double> QUANTILES = List.of(0.5, 0.99, 0.999);

  /// Figures of INFO's `stats` for what does not exist here: other processes, replicas.
  private static final List<String> NOTHING =
      List.of(
          "active_defrag_hits",
          "active_defrag_key_hits",
          "active_defrag_key_misses",
          "active_defrag_misses",
          "current_active_defrag_time",
          "current_eviction_exceeded_time",
          "dump_payload_sanitizations",
          "evicted_clients",
          "latest_fork_usec",
          "migrate_cached_sockets",
          "slave_expires_tracked_keys",
          "sync_full",
          "sync_partial_err",
          "sync_partial_ok",
          "total_active_defrag_time",
          "total_eviction_exceeded_time",
          "total_forks",
          "total_net_repl_input_bytes",
          "total_net_repl_output_bytes",
          "tracking_total_items",
          "tracking_total_keys",
          "tracking_total_prefixes",
          "unexpected_error_replies");

  private final RedisData data;
  private final CommandTable table;
  private final Limits limits;
  private final ServerFacts facts;
  private final Runnable onShutdown;
  private final List<EventLoop> loops = new ArrayList<>();
  private final ConcurrentSkipListMap<Long, Connection> connections = new ConcurrentSkipListMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong bufferBytes = new AtomicLong();
  private final AtomicLong pushBytes = new AtomicLong();
  private final AtomicLong outputDisconnections = new AtomicLong();
  private final AtomicLong inputDisconnections = new AtomicLong();
  private final Rate commandRate;
  private final Rate inputRate;
  private final Rate outputRate;
  private final MemoryMeter memoryMeter;

  /// @param onShutdown runs when a client has asked for the end
  Server(RedisData data, Limits limits, ServerFacts facts, Runnable onShutdown) {
    this.data = data;
    table = new CommandTable(CommandTable.ALL, data.settings().access.renameCommand.value());
    this.limits = limits;
    this.facts = facts;
    this.onShutdown = onShutdown;
    long now = data.store().clock().nanoTime();
    commandRate = new Rate(now);
    inputRate = new Rate(now);
    outputRate = new Rate(now);
    memoryMeter = new MemoryMeter(facts.memoryLimitBytes(), data.store(), bufferBytes::get);
    data.onStatisticsReset(memoryMeter::resetPeak);
    data.store().addProgressListener(this::progressed);
  }

  /// Makes a loop; all are made before the first one runs.
  EventLoop addLoop(Poller poller) {
    return addLoop(
        poller, new BufferPool(limits.replyBytesMax(), limits.buffersKeptBytesMax(), bufferBytes));
  }

  EventLoop addLoop(Poller poller, BufferPool buffers) {
    var loop = new EventLoop(this, poller, buffers);
    loops.add(loop);
    return loop;
  }

  private void progressed() {
    for (int i = 0; i < loops.size(); i++) {
      loops.get(i).progressed();
    }
  }

  RedisData data() {
    return data;
  }

  CommandTable table() {
    return table;
  }

  Limits limits() {
    return limits;
  }

  AtomicLong bufferBytes() {
    return bufferBytes;
  }

  /// Memory of the pushes that are on their way between loops.
  AtomicLong pushBytes() {
    return pushBytes;
  }

  /// True if one client more is allowed; counts it as refused if not.
  boolean hasRoomForClient() {
    if (connections.size() < data.settings().clients.maxclients.value()) {
      return true;
    }
    refused.incrementAndGet();
    return false;
  }

  Connection open(Transport transport, EventLoop loop, Protocol protocol) {
    long now = data.store().clock().currentTimeMillis();
    long id = lastId.incrementAndGet();
    var session = new Session(id, transport.remoteAddress(), transport.localAddress(), now);
    var connection = new Connection(transport, session, loop, protocol, limits);
    session.subscriptions(new Subscriptions(loop.exchange(), connection));
    session.authenticated(data.settings().access.requirepass.value().isEmpty());
    connections.put(id, connection);
    return connection;
  }

  void closed(Connection connection) {
    connections.remove(connection.session.id());
  }

  int connectionCount() {
    return connections.size();
  }

  /// Connections that are open.
  List<Connection> connections() {
    return List.copyOf(connections.values());
  }

  @Override
  public List<Session> sessions() {
    return connections.values().stream().map(connection -> connection.session).toList();
  }

  /// Longest argument.
  int bulkBytesMax() {
    return Math.min(limits.bulkBytesMax(), data.settings().clients.protoMaxBulkLen.intValue());
  }

  /// Most bytes of one request.
  int inputBytesMax() {
    return Math.min(limits.inputBytesMax(), data.settings().clients.queryBufferLimit.intValue());
  }

  @Override
  public int queueBytesMax() {
    return bufferBytes.get() > limits.buffersBytesMax() ? 0 : inputBytesMax();
  }

  @Override
  public void queuesGrown(long bytes) {
    bufferBytes.addAndGet(bytes);
  }

  @Override
  public void shutdown() {
    onShutdown.run();
  }

  @Override
  public void abort(Session session) {
    @Nullable Connection connection = connections.get(session.id());
    if (connection != null) {
      connection.loop.closeSoon(connection);
    }
  }

  @Override
  public void kill(Session session) {
    @Nullable Connection connection = connections.remove(session.id()); // nobody sees it any more
    if (connection != null) {
      connection.loop.post(() -> connection.loop.close(connection));
    }
  }

  @Override
  public ClientFigures figures(Session session) {
    @Nullable Connection connection = connections.get(session.id());
    return connection == null ? ClientFigures.NONE : connection.figures();
  }

  @Override
  public void unblocked(Session session) {
    @Nullable Connection connection = connections.get(session.id());
    if (connection != null) {
      connection.loop.post(() -> connection.loop.unblock(connection));
    }
  }

  @Override
  public void pauseEnded() {
    loops.forEach(loop -> loop.post(loop::resumePaused));
  }

  /// A client was closed as it did not read.
  void outputLimitReached() {
    outputDisconnections.incrementAndGet();
  }

  /// A client was closed as its request was too long.
  void inputLimitReached() {
    inputDisconnections.incrementAndGet();
  }

  private long count(Predicate<Session> filter) {
    return connections.values().stream()
        .map(connection -> connection.session)
        .filter(filter)
        .count();
  }

  /// What there is to measure now.
  Figures figures(boolean isReady) {
    Databases databases = data.databases();
    var keys = new ArrayList<Figures.Database>();
    for (int number = 0; number < Databases.COUNT; number++) {
      keys.add(new Figures.Database(databases.keys(number), databases.expiring(number)));
    }
    var clients =
        new Figures.Clients(
            connections.size(),
            data.settings().clients.maxclients.intValue(),
            lastId.get(),
            refused.get(),
            commands(),
            data.statistics().hits(),
            data.statistics().misses(),
            data.expiredKeys(),
            bufferBytes.get());
    return facts.figures(isReady, clients, commandCalls(), keys, usedDatabases(), data.store());
  }

  private List<Figures.DatabaseUse> usedDatabases() {
    Databases databases = data.databases();
    KeyReads reads = data.statistics().reads();
    var used = new ArrayList<Figures.DatabaseUse>();
    for (int number = 0; number < Databases.COUNT; number++) {
      Written written = databases.written(number);
      var use =
          new Figures.DatabaseUse(
              number,
              reads.hits(number),
              reads.misses(number),
              reads.hitBytes(number),
              written.rows(),
              written.bytes(),
              databases.bytes(number),
              databases.tableBytes(number));
      if (use.isAny()) {
        used.add(use);
      }
    }
    return used;
  }

  private List<Figures.CommandCalls> commandCalls() {
    var all = new ArrayList<Figures.CommandCalls>();
    data.statistics()
        .forEach(
            table,
            (command, totals) -> {
              if (totals.calls() + totals.rejected() > 0) {
                all.add(
                    new Figures.CommandCalls(
                        command.lowerName(),
                        totals.calls(),
                        totals.nanos() / NANOS_PER_SECOND,
                        totals.failed(),
                        totals.rejected(),
                        latencies(totals.histogram())));
              }
            });
    return all;
  }

  private static List<Figures.Latency> latencies(LatencyHistogram histogram) {
    return histogram.count() == 0
        ? List.of()
        : QUANTILES.stream()
            .map(share ->
                new Figures.Latency(share, histogram.percentile(100 * share) / NANOS_PER_SECOND))
            .toList();
  }

  private long commands() {
    return sum(EventLoop::commands);
  }

  private long sum(ToLongFunction<EventLoop> figure) {
    return loops.stream().mapToLong(figure).sum();
  }

  @Override
  public MemoryFigures memory() {
    return memoryMeter.now();
  }

  /// Now and then: what INFO says of the last moments.
  void sample() {
    long now = data.store().clock().nanoTime();
    commandRate.sample(now, commands());
    inputRate.sample(now, sum(EventLoop::inputBytes));
    outputRate.sample(now, sum(EventLoop::outputBytes));
    memoryMeter.sample();
  }

  private static String kib(long bytes) {
    return String.format(Locale.ROOT, "%.2f", bytes / 1024.0);
  }

  /// The largest buffers that a client has now.
  private void describeBuffers(Map<String, String> lines) {
    long input = 0;
    long output = 0;
    for (Connection connection : connections.values()) {
      ClientFigures figures = connection.figures();
      input = Math.max(input, figures.inputBytes() + figures.argumentBytes());
      output = Math.max(output, figures.unsentBytes());
    }
    lines.put("client_recent_max_input_buffer", Long.toString(input));
    lines.put("client_recent_max_output_buffer", Long.toString(output));
  }

  @Override
  public Map<String, String> info(String section) {
    var lines = new TreeMap<String, String>();
    switch (section) {
      case "server" -> {
        facts.describe(lines, data.store().clock());
        Settings.@Nullable Home home = data.settings().home();
        lines.put("config_file", home == null ? "" : home.path());
        lines.put("run_id", data.runId());
      }
      case "clients" -> {
        lines.put("connected_clients", Integer.toString(connections.size()));
        lines.put("maxclients", data.settings().clients.maxclients.text());
        lines.put(
            "blocked_clients", Long.toString(data.pause().waiting() + count(Session::isBlocked)));
        lines.put("tracking_clients", "0");
        lines.put("clients_in_timeout_table", "0");
        describeBuffers(lines);
        lines.put("pubsub_clients", Long.toString(count(s -> s.subscriptions().isAny())));
        lines.put("watching_clients", Long.toString(count(s -> s.watches() != null)));
        lines.put("cluster_connections", "0");
      }
      case "memory" -> {
        ServerFacts.describeMemory(lines, memory(), data.store().statistics());
        ServerFacts.describeBound(lines, data.maxMemory(), data.databases().bytes());
      }
      case "cpu" -> facts.describeCpu(lines);
      case "stats" -> {
        lines.put("total_commands_processed", Long.toString(commands()));
        lines.put("instantaneous_ops_per_sec", Long.toString(commandRate.perSecond()));
        lines.put("instantaneous_input_kbps", kib(inputRate.perSecond()));
        lines.put("instantaneous_output_kbps", kib(outputRate.perSecond()));
        lines.put("total_net_input_bytes", Long.toString(sum(EventLoop::inputBytes)));
        lines.put("total_net_output_bytes", Long.toString(sum(EventLoop::outputBytes)));
        NOTHING.forEach(name -> lines.put(name, "0"));
        lines.put("instantaneous_input_repl_kbps", "0.00");
        lines.put("instantaneous_output_repl_kbps", "0.00");
        lines.put("total_connections_received", Long.toString(lastId.get()));
        lines.put("rejected_connections", Long.toString(refused.get()));
        PubSub pubSub = data.pubSub();
        lines.put("pubsub_channels", Integer.toString(pubSub.names(ChannelKind.CHANNEL)));
        lines.put("pubsub_patterns", Integer.toString(pubSub.names(ChannelKind.PATTERN)));
        lines.put("pubsubshard_channels", Integer.toString(pubSub.names(ChannelKind.SHARD)));
        lines.put(
            "client_output_buffer_limit_disconnections", Long.toString(outputDisconnections.get()));
        lines.put(
            "client_query_buffer_limit_disconnections", Long.toString(inputDisconnections.get()));
        lines.put("expired_keys", Long.toString(data.expiredKeys()));
        lines.put("evicted_keys", Long.toString(data.maxMemory().evictedKeys()));
      }
      default -> {}
    }
    return lines;
  }
}
