package io.atlaskv.redis.command.server;

import io.atlaskv.engine.api.Statistics;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.MemoryFigures;
import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// What MEMORY says of the whole process.
///
/// @param memory of the process
/// @param store of the engine
/// @param keys in all databases
/// @param clients connected
record MemoryReport(MemoryFigures memory, Statistics store, long keys, int clients) {
  private static final String EMPTY =
      "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be"
          + " used in these conditions. Please, leave for your mission on Earth and fill it with"
          + " some data. The new Sam and I will be back to our programming as soon as I finished"
          + " rebooting.\n";
  private static final String SOUND =
      "Hi Sam, I can't find any memory issue in your instance. I can only account for what occurs"
          + " on this base.\n";
  private static final double PEAK_FACTOR = 1.5;
  private static final double HEAP_FULL = 0.9;
  private static final long CLIENT_BYTES = 200 * 1024;
  private static final long BLOCK_READS_MIN = 100_000;

  static MemoryReport of(Context context) {
    DatabaseView databases = context.databases();
    long keys = 0;
    for (int number = 0; number < Databases.COUNT; number++) {
      keys += databases.keys(number);
    }
    return new MemoryReport(
        context.host().memory(),
        context.store().statistics(),
        keys,
        context.host().sessions().size());
  }

  /// The part of the data that is in memory.
  private long dataBytes() {
    return store.memtableBytes() + store.cacheBytes();
  }

  /// MEMORY STATS: Redis' fields as far as there is such a thing here, then our own.
  void writeTo(ReplyWriter reply) {
    long used = memory.usedBytes();
    var numbers = new LinkedHashMap<String, Long>();
    numbers.put("peak.allocated", memory.peakBytes());
    numbers.put("total.allocated", used);
    numbers.put("startup.allocated", memory.startBytes());
    numbers.put("replication.backlog", 0L);
    numbers.put("clients.slaves", 0L);
    numbers.put("clients.normal", memory.clientBytes());
    numbers.put("cluster.links", 0L);
    numbers.put("lua.caches", 0L);
    numbers.put("functions.caches", 0L);
    numbers.put("overhead.total", Math.max(0, used - dataBytes()));
    numbers.put("keys.count", keys);
    numbers.put("keys.bytes-per-key", keys == 0 ? 0 : dataBytes() / keys);
    numbers.put("dataset.bytes", dataBytes());
    numbers.put("fragmentation.bytes", residentBeyondUsed());
    numbers.put("memory.limit", memory.limitBytes());
    numbers.put("heap.used", memory.heapUsedBytes());
    numbers.put("heap.committed", memory.heapCommittedBytes());
    numbers.put("heap.max", memory.heapMaxBytes());
    numbers.put("native.store", memory.storeBytes());
    numbers.put("memtables", store.memtableBytes());
    numbers.put("block.cache", store.blockCacheBytes());
    numbers.put("row.cache", store.rowCacheBytes());
    numbers.put("tables.on.disk", store.tableBytes());
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put("dataset.percentage", 100 * ratio(dataBytes(), used));
    ratios.put("peak.percentage", 100 * ratio(used, memory.peakBytes()));
    ratios.put("fragmentation", ratio(memory.residentBytes(), used));
    reply.map(numbers.size() + ratios.size());
    numbers.forEach((name, value) -> {
      reply.bulk(name);
      reply.integer(value);
    });
    ratios.forEach((name, value) -> {
      reply.bulk(name);
      reply.decimal(String.format(Locale.ROOT, "%.2f", value));
    });
  }

  private long residentBeyondUsed() {
    return memory.residentBytes() == 0 ? 0 : memory.residentBytes() - memory.usedBytes();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /// MEMORY DOCTOR.
  String advice() {
    if (keys == 0) {
      return EMPTY;
    }
    var text = new StringBuilder();
    if (memory.peakBytes() > memory.usedBytes() * PEAK_FACTOR) {
      text.append(
              " * Peak memory: In the past this instance used more than 150% the memory that is")
          .append(" currently using. What the store and the clients gave back is free for reuse;")
          .append(" MEMORY PURGE asks the JVM to give pages back to the system.\n\n");
    }
    if (memory.residentBytes() > memory.limitBytes()) {
      text.append(
              " * High resident memory: The process takes more than the 'memory-limit' it plans")
          .append(
              " with. In a container of that size it may be killed; give the container more, or")
          .append(" the process a smaller limit.\n\n");
    }
    if (memory.heapUsedBytes() > memory.heapMaxBytes() * HEAP_FULL) {
      text.append(" * Full Java heap: More than 90% of the heap is in use. If that stays so after")
          .append(" MEMORY PURGE, look for clients with huge requests, replies or WATCH lists, or")
          .append(" raise 'memory-limit'.\n\n");
    }
    if (clients > 0 && memory.clientBytes() / clients > CLIENT_BYTES) {
      text.append(
              " * Big client buffers: The clients' buffers are greater than 200K per client, on")
          .append(" average. This may result from Pub/Sub clients or pipelines that are read more")
          .append(" slowly than they are filled. Use CLIENT LIST to find them, and")
          .append(" 'client-output-buffer-limit' to bound them.\n\n");
    }
    long hits = store.blockCacheHits() + store.rowCacheHits();
    long reads = hits + store.blockCacheMisses();
    if (reads > BLOCK_READS_MIN && store.blockCacheMisses() > hits) {
      text.append(
              " * Small block cache: More than half of the blocks that were read since the start")
          .append(" came from disk. Raise 'memory-limit' or 'block-cache-size' if these reads are")
          .append(" what clients wait for.\n\n");
    }
    return text.isEmpty()
        ? SOUND
        : "Sam, I detected a few issues in this AtlasKV instance memory implants:\n\n"
            + text
            + "I'm here to keep you safe, Sam. I want to help you.\n";
  }

  /// MEMORY MALLOC-STATS.
  String places() {
    long other = memory.storeBytes() - store.memtableBytes() - store.cacheBytes();
    return String.format(
        Locale.ROOT,
        """
        Java heap: used %d, committed %d, at most %d
        Store, outside the heap: %d
          memtables: %d in %d, with %d entries
          block cache: %d
          row cache: %d
          indexes and filters of tables, memory kept ready: %d
        Buffers of %d clients: %d
        Resident: %d of the planned %d
        """,
        memory.heapUsedBytes(),
        memory.heapCommittedBytes(),
        memory.heapMaxBytes(),
        memory.storeBytes(),
        store.memtableBytes(),
        store.memtableCount(),
        store.memtableEntries(),
        store.blockCacheBytes(),
        store.rowCacheBytes(),
        other,
        clients,
        memory.clientBytes(),
        memory.residentBytes(),
        memory.limitBytes());
  }
}
