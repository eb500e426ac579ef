package io.atlaskv.server.http;

import io.atlaskv.engine.api.Statistics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

/// Figures in the text format of Prometheus, version 0.0.4. Its libraries are loaded with this
/// class, at the first scrape.
final class MetricsPage {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double NANOS_PER_SECOND = 1e9;

  private final MetricSnapshots.Builder all = MetricSnapshots.builder();

  private MetricsPage() {}

  static String of(Figures figures) throws IOException {
    var page = new MetricsPage();
    page.server(figures);
    page.clients(figures.clients());
    page.commands(figures.commands());
    page.keys(figures.databases());
    page.use(figures.usedDatabases());
    page.memory(figures);
    page.log(figures.store());
    page.tree(figures.store());
    var text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, page.all.build());
    return text.toString(StandardCharsets.UTF_8);
  }

  private void server(Figures figures) {
    var version = InfoDataPointSnapshot.builder().labels(Labels.of("version", figures.version()));
    all.metricSnapshot(
        InfoSnapshot.builder()
            .name("atlaskv_build")
            .help("Version of the server.")
            .dataPoint(version.build())
            .build());
    gauge("atlaskv_uptime_seconds", "Time since the start.", figures.uptimeSeconds());
    gauge("atlaskv_ready", "1 if the server takes reads and writes.", figures.isReady() ? 1 : 0);
  }

  private void clients(Figures.Clients clients) {
    gauge("atlaskv_connected_clients", "Connections open now.", clients.connected());
    gauge("atlaskv_max_clients", "Connections that may be open.", clients.connectedMax());
    counter("atlaskv_connections_received", "Connections taken.", clients.received());
    counter(
        "atlaskv_connections_rejected",
        "Connections refused because too many were open.",
        clients.refused());
    counter("atlaskv_commands_processed", "Commands run.", clients.commands());
    counter("atlaskv_keyspace_hits", "Reads that found their key.", clients.hits());
    counter("atlaskv_keyspace_misses", "Reads that found no key.", clients.misses());
    counter("atlaskv_expired_keys", "Keys deleted when their time came.", clients.expiredKeys());
    gauge(
        "atlaskv_client_buffer_bytes",
        "Memory of requests and replies under way.",
        clients.bufferBytes());
  }

  private void commands(List<Figures.CommandCalls> commands) {
    var durations =
        SummarySnapshot.builder()
            .name("atlaskv_command_duration_seconds")
            .help(
                "Time of commands, waiting apart; quantiles since the start or CONFIG RESETSTAT.");
    for (Figures.CommandCalls command : commands) {
      var quantiles = Quantiles.builder();
      for (Figures.Latency latency : command.latencies()) {
        quantiles.quantile(latency.share(), latency.seconds());
      }
      durations.dataPoint(
          SummaryDataPointSnapshot.builder()
              .labels(Labels.of("command", command.name()))
              .count(command.calls())
              .sum(command.seconds())
              .quantiles(quantiles.build())
              .build());
    }
    all.metricSnapshot(durations.build());
    counters(
        "atlaskv_command_failures",
        "Commands that answered an error.",
        "command",
        commands,
        number -> commands.get(number).name(),
        Figures.CommandCalls::failed);
    counters(
        "atlaskv_command_rejections",
        "Commands refused before they ran.",
        "command",
        commands,
        number -> commands.get(number).name(),
        Figures.CommandCalls::rejected);
  }

  private void keys(List<Figures.Database> databases) {
    perNumber("atlaskv_keys", "Keys.", "database", databases, Figures.Database::keys);
    perNumber(
        "atlaskv_expiring_keys",
        "Keys that have an expiry.",
        "database",
        databases,
        Figures.Database::expiring);
  }

  private void use(List<Figures.DatabaseUse> databases) {
    IntFunction<String> number = row -> Integer.toString(databases.get(row).number());
    counters(
        "atlaskv_database_hits",
        "Reads that found their key.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::hits);
    counters(
        "atlaskv_database_misses",
        "Reads that found no key.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::misses);
    counters(
        "atlaskv_database_hit_bytes",
        "Bytes of the values of the keys found, whole values whatever was asked of them.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::hitBytes);
    counters(
        "atlaskv_database_written_rows",
        "Rows put or deleted, one for most changes of a key.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::writtenRows);
    counters(
        "atlaskv_database_written_bytes",
        "Bytes of the keys and values of these rows.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::writtenBytes);
    gauges(
        "atlaskv_database_bytes",
        "Bytes of all keys and values, as clients see them.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::bytes);
    gauges(
        "atlaskv_database_table_bytes",
        "Bytes of the tables that fall to the database, about.",
        "database",
        databases,
        number,
        Figures.DatabaseUse::tableBytes);
  }

  private void memory(Figures figures) {
    Figures.Memory memory = figures.memory();
    gauge("atlaskv_memory_limit_bytes", "Memory the server plans with.", memory.limitBytes());
    gauge("atlaskv_heap_used_bytes", "Java heap in use.", memory.heapUsedBytes());
    gauge("atlaskv_heap_max_bytes", "Most that the Java heap may become.", memory.heapMaxBytes());
    gauge(
        "atlaskv_native_bytes",
        "Memory of the store outside the Java heap.",
        figures.store().nativeBytes());
    if (memory.residentBytes() > 0) {
      gauge(
          "process_resident_memory_bytes",
          "Resident memory size in bytes.",
          memory.residentBytes());
    }
  }

  private void log(Statistics store) {
    counter("atlaskv_log_written_bytes", "Bytes written to the log.", store.logBytes());
    counter("atlaskv_log_syncs", "Syncs of the log.", store.logSyncs());
    counter("atlaskv_log_segment_switches", "Log segments finished.", store.logSegmentSwitches());
    gauge(
        "atlaskv_log_unwritten_operations",
        "Writes that a kill of the process would lose; their replies wait.",
        store.lastSequence() - store.writtenSequence());
    gauge(
        "atlaskv_log_unsynced_operations",
        "Writes that a power cut would lose.",
        store.lastSequence() - store.durableSequence());
    counter(
        "atlaskv_write_stall_seconds",
        "Time writers waited for flush and compaction.",
        store.stallNanos() / NANOS_PER_SECOND);
  }

  private void tree(Statistics store) {
    gauge("atlaskv_memtable_bytes", "Memory of all memtables.", store.memtableBytes());
    gauge("atlaskv_memtable_entries", "Keys in all memtables.", store.memtableEntries());
    gauge("atlaskv_memtables", "Memtables, the active one included.", store.memtableCount());
    perNumber("atlaskv_tables", "Tables.", "level", store.levels(), Statistics.Level::tables);
    perNumber(
        "atlaskv_table_bytes",
        "Bytes of the tables' files.",
        "level",
        store.levels(),
        Statistics.Level::bytes);
    perNumber(
        "atlaskv_table_entries",
        "Entries of the tables, tombstones and old versions included.",
        "level",
        store.levels(),
        Statistics.Level::entries);
    perNumber(
        "atlaskv_table_deletions",
        "Tombstones of single keys in the tables.",
        "level",
        store.levels(),
        Statistics.Level::deletions);
    counters(
        "atlaskv_level_reads",
        "Reads of single keys that asked the level, from one key in 1,024.",
        "level",
        store.levels(),
        Integer::toString,
        Statistics.Level::reads);
    counters(
        "atlaskv_level_read_hits",
        "Those of them that ended there.",
        "level",
        store.levels(),
        Integer::toString,
        Statistics.Level::hits);
    counters(
        "atlaskv_level_written_bytes",
        "Bytes of the tables that flushes and merges wrote to the level.",
        "level",
        store.levels(),
        Integer::toString,
        Statistics.Level::writtenBytes);
    counter("atlaskv_flushes", "Memtables written to tables.", store.flushes());
    counter("atlaskv_flush_written_bytes", "Bytes of the tables of flushes.", store.flushedBytes());
    gauge("atlaskv_flush_running", "1 while a flush runs.", store.isFlushRunning() ? 1 : 0);
    counter("atlaskv_compactions", "Merges of tables.", store.compactions());
    counter("atlaskv_compaction_read_bytes", "Bytes read by merges.", store.compactionReadBytes());
    counter(
        "atlaskv_compaction_written_bytes",
        "Bytes written by merges.",
        store.compactionWrittenBytes());
    gauge(
        "atlaskv_compaction_running", "1 while a merge runs.", store.isCompactionRunning() ? 1 : 0);
    gauge("atlaskv_block_cache_bytes", "Memory of cached blocks.", store.blockCacheBytes());
    counter("atlaskv_block_cache_hits", "Block reads the cache answered.", store.blockCacheHits());
    counter(
        "atlaskv_block_cache_misses", "Block reads that went to a file.", store.blockCacheMisses());
    gauge("atlaskv_row_cache_bytes", "Memory of cached rows.", store.rowCacheBytes());
    counter("atlaskv_row_cache_hits", "Block reads that a row saved.", store.rowCacheHits());
    counter("atlaskv_row_cache_misses", "Rows looked for in vain.", store.rowCacheMisses());
    gauge("atlaskv_open_snapshots", "Snapshots and cursors open now.", store.openSnapshots());
  }

  /// @param name without the `_total` that its line gets
  private void counter(String name, String help, double value) {
    all.metricSnapshot(
        CounterSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
            .build());
  }

  private void counter(String name, String help, long value) {
    counter(name, help, (double) value);
  }

  private void gauge(String name, String help, long value) {
    gauge(name, help, (double) value);
  }

  private void gauge(String name, String help, double value) {
    all.metricSnapshot(
        GaugeSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
            .build());
  }

  private <T> void counters(
      String name,
      String help,
      String label,
      List<T> rows,
      IntFunction<String> labelOf,
      ToLongFunction<T> value) {
    var metric = CounterSnapshot.builder().name(name).help(help);
    for (int number = 0; number < rows.size(); number++) {
      metric.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of(label, labelOf.apply(number)))
              .value((double) value.applyAsLong(rows.get(number)))
              .build());
    }
    all.metricSnapshot(metric.build());
  }

  private <T> void perNumber(
      String name, String help, String label, List<T> rows, ToLongFunction<T> value) {
    gauges(name, help, label, rows, Integer::toString, value);
  }

  private <T> void gauges(
      String name,
      String help,
      String label,
      List<T> rows,
      IntFunction<String> labelOf,
      ToLongFunction<T> value) {
    var metric = GaugeSnapshot.builder().name(name).help(help);
    for (int number = 0; number < rows.size(); number++) {
      metric.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of(label, labelOf.apply(number)))
              .value((double) value.applyAsLong(rows.get(number)))
              .build());
    }
    all.metricSnapshot(metric.build());
  }
}
