package io.atlaskv.server;

import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.ProcessMemory;
import io.atlaskv.engine.internal.io.ProcessTimes;
import io.atlaskv.redis.command.MaxMemory;
import io.atlaskv.redis.command.MemoryFigures;
import io.atlaskv.redis.command.RedisVersion;
import io.atlaskv.redis.store.Store;
import io.atlaskv.server.http.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// What INFO says of the process.
///
/// @param version of AtlasKV
/// @param port that clients come to
/// @param directory of the data
/// @param loops number of event loops
/// @param memoryLimitBytes what the process plans with
/// @param startNanos when it began, by the store's clock
record ServerFacts(
    String version,
    IntSupplier port,
    @Nullable Path directory,
    int loops,
    long memoryLimitBytes,
    long startNanos) {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int KIB = 1024;
  private static final long LRU_CLOCK_MAX = (1 << 24) - 1;
  private static final String UNITS = "KMGTP";

  /// What takes memory in Redis and does not exist here.
  private static final List<String> NO_MEMORY =
      List.of(
          "active_defrag_running",
          "lazyfree_pending_objects",
          "lazyfreed_objects",
          "mem_clients_slaves",
          "mem_cluster_links",
          "mem_not_counted_for_evict",
          "mem_replication_backlog",
          "mem_total_replication_buffers",
          "number_of_cached_scripts",
          "number_of_functions",
          "number_of_libraries",
          "used_memory_lua",
          "used_memory_scripts",
          "used_memory_vm_total");

  void describe(Map<String, String> lines, Clock clock) {
    long seconds = (clock.nanoTime() - startNanos) / NANOS_PER_SECOND;
    lines.put("redis_version", RedisVersion.COMPATIBLE);
    lines.put("redis_mode", "standalone");
    lines.put("atlas_version", version);
    lines.put("tcp_port", Integer.toString(port.getAsInt()));
    lines.put("process_id", Long.toString(ProcessHandle.current().pid()));
    lines.put("java_version", Runtime.version().toString());
    lines.put("arch_bits", "64");
    lines.put(
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    lines.put("executable", ProcessHandle.current().info().command().orElse(""));
    lines.put("server_time_usec", Long.toString(clock.currentTimeMillis() * 1000));
    lines.put("io_threads_active", Integer.toString(loops));
    lines.put("multiplexing_api", "epoll");
    lines.put("process_supervised", "no");
    lines.put("hz", Integer.toString(ExpiryClock.TURNS_PER_SECOND));
    lines.put("configured_hz", Integer.toString(ExpiryClock.TURNS_PER_SECOND));
    lines.put("lru_clock", Long.toString(clock.currentTimeMillis() / 1000 & LRU_CLOCK_MAX));
    lines.put("uptime_in_seconds", Long.toString(seconds));
    lines.put("uptime_in_days", Long.toString(seconds / 86_400));
    lines.put("atlas_directory", String.valueOf(directory));
  }

  /// Names and form are Redis' where it has them. What is used counts against the memory limit:
  /// Java heap in use, memory of the store outside of it, buffers of the clients.
  static void describeMemory(Map<String, String> lines, MemoryFigures memory, Statistics store) {
    long used = memory.usedBytes();
    long dataBytes = store.memtableBytes() + store.cacheBytes();
    memory(lines, "used_memory", used);
    memory(lines, "used_memory_peak", memory.peakBytes());
    lines.put("used_memory_peak_perc", percent(used, memory.peakBytes()));
    lines.put("used_memory_startup", Long.toString(memory.startBytes()));
    lines.put("used_memory_overhead", Long.toString(Math.max(0, used - dataBytes)));
    lines.put("used_memory_dataset", Long.toString(dataBytes));
    lines.put("used_memory_dataset_perc", percent(dataBytes, used));
    memory(lines, "total_system_memory", memory.machineBytes());
    long resident = memory.residentBytes();
    if (resident > 0) {
      memory(lines, "used_memory_rss", resident);
      lines.put(
          "mem_fragmentation_ratio", String.format(Locale.ROOT, "%.2f", (double) resident / used));
      lines.put("mem_fragmentation_bytes", Long.toString(resident - used));
    }
    lines.put("mem_allocator", "libc");
    lines.put("mem_clients_normal", Long.toString(memory.clientBytes()));
    for (String nothing : NO_MEMORY) {
      lines.put(nothing, "0");
    }
    lines.put("atlas_memory_limit", Long.toString(memory.limitBytes()));
    lines.put("atlas_heap_used", Long.toString(memory.heapUsedBytes()));
    lines.put("atlas_heap_committed", Long.toString(memory.heapCommittedBytes()));
    lines.put("atlas_heap_max", Long.toString(memory.heapMaxBytes()));
    lines.put("atlas_native_memory", Long.toString(memory.storeBytes()));
    lines.put("atlas_client_buffers", Long.toString(memory.clientBytes()));
  }

  /// `maxmemory` bounds the bytes of keys and values, wherever they are; `atlas_memory_limit` the
  /// memory of the process.
  static void describeBound(Map<String, String> lines, MaxMemory bound, long dataBytes) {
    memory(lines, "maxmemory", bound.bytesMax());
    lines.put("maxmemory_policy", bound.policy().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    lines.put("atlas_data_bytes", Long.toString(dataBytes));
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f%%", whole == 0 ? 0 : 100.0 * part / whole);
  }

  /// The same for the HTTP door.
  Figures figures(
      boolean isReady,
      Figures.Clients clients,
      List<Figures.CommandCalls> commands,
      List<Figures.Database> databases,
      List<Figures.DatabaseUse> usedDatabases,
      Store store) {
    Runtime runtime = Runtime.getRuntime();
    var memory =
        new Figures.Memory(
            memoryLimitBytes,
            runtime.totalMemory() - runtime.freeMemory(),
            runtime.maxMemory(),
            ProcessMemory.residentBytes());
    double uptimeSeconds = (double) (store.clock().nanoTime() - startNanos) / NANOS_PER_SECOND;
    return new Figures(
        version,
        uptimeSeconds,
        isReady,
        clients,
        commands,
        databases,
        usedDatabases,
        memory,
        store.statistics());
  }

  private static void memory(Map<String, String> lines, String name, long bytes) {
    lines.put(name, Long.toString(bytes));
    lines.put(name + "_human", human(bytes));
  }

  /// As Redis writes sizes for people.
  static String human(long bytes) {
    if (bytes < KIB) {
      return bytes + "B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= KIB && unit < UNITS.length() - 1) {
      value /= KIB;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f%c", value, UNITS.charAt(unit));
  }

  void describeCpu(Map<String, String> lines) {
    ProcessTimes times = ProcessTimes.now();
    lines.put("used_cpu_sys", seconds(times.systemMillis()));
    lines.put("used_cpu_user", seconds(times.userMillis()));
    lines.put("used_cpu_sys_children", seconds(times.childrenSystemMillis()));
    lines.put("used_cpu_user_children", seconds(times.childrenUserMillis()));
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%d.%06d", millis / 1000, millis % 1000 * 1000);
  }
}
