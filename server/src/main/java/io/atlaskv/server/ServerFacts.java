package io.atlaskv.server;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.redis.command.RedisVersion;
import java.nio.file.Path;
import java.util.Map;
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
    int port,
    @Nullable Path directory,
    int loops,
    long memoryLimitBytes,
    long startNanos) {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  void describe(Map<String, String> lines, Clock clock) {
    long seconds = (clock.nanoTime() - startNanos) / NANOS_PER_SECOND;
    lines.put("redis_version", RedisVersion.COMPATIBLE);
    lines.put("redis_mode", "standalone");
    lines.put("atlas_version", version);
    lines.put("tcp_port", Integer.toString(port));
    lines.put("process_id", Long.toString(ProcessHandle.current().pid()));
    lines.put("java_version", Runtime.version().toString());
    lines.put("arch_bits", "64");
    lines.put("io_threads_active", Integer.toString(loops));
    lines.put("uptime_in_seconds", Long.toString(seconds));
    lines.put("uptime_in_days", Long.toString(seconds / 86_400));
    lines.put("atlas_directory", String.valueOf(directory));
  }

  void describeMemory(Map<String, String> lines, long bufferBytes) {
    Runtime runtime = Runtime.getRuntime();
    lines.put("used_memory", Long.toString(runtime.totalMemory() - runtime.freeMemory()));
    lines.put("atlas_heap_max", Long.toString(runtime.maxMemory()));
    lines.put("atlas_memory_limit", Long.toString(memoryLimitBytes));
    lines.put("atlas_client_buffers", Long.toString(bufferBytes));
    lines.put("maxmemory", "0");
    lines.put("maxmemory_policy", "noeviction");
  }

  void describeCpu(Map<String, String> lines) {
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(time -> lines.put("used_cpu_total", Long.toString(time.toMillis()) + "ms"));
  }
}
