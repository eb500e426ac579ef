package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Options;

/// How the memory limit is divided: what the options leave open is derived from it.
///
/// @param limitBytes of the process, heap included
/// @param memtableBytes of one memtable
/// @param sealedMax memtables that may wait for their flush before writers wait
/// @param blockCacheBytes of the block cache
/// @param batchBytesMax largest batch
record MemoryPlan(
    long limitBytes, long memtableBytes, int sealedMax, long blockCacheBytes, long batchBytesMax) {
  private static final long MIB = 1 << 20;
  private static final int LIMIT_FRACTION = 4;
  private static final int MEMTABLE_FRACTION = 16;
  private static final long MEMTABLE_MIN = 4 * MIB;
  private static final long MEMTABLE_MAX = 64 * MIB;
  private static final int SEALED_MAX = 2;
  private static final int BATCH_FRACTION = 8;
  private static final long BATCH_MAX = 512 * MIB;
  private static final long RUNTIME_BYTES = 64 * MIB; // code cache, metaspace, stacks, buffers
  private static final long CACHE_MIN = 2 * MIB;

  /// @param machineBytes memory of the machine or container
  /// @param heapBytesMax largest heap of this JVM
  static MemoryPlan of(Options options, long machineBytes, long heapBytesMax) {
    long limit =
        options.memoryLimitBytes() > 0
            ? options.memoryLimitBytes()
            : Math.max(256 * MIB, machineBytes / LIMIT_FRACTION);
    long memtable =
        options.memtableBytes() > 0
            ? options.memtableBytes()
            : Math.clamp(limit / MEMTABLE_FRACTION, MEMTABLE_MIN, MEMTABLE_MAX);
    long heap = Math.min(heapBytesMax, limit / 2);
    long memtables = memtable * (SEALED_MAX + 2); // one active, one spare
    long cache =
        options.blockCacheBytes() > 0
            ? options.blockCacheBytes()
            : Math.max(
                CACHE_MIN, limit - heap - memtables - RUNTIME_BYTES - options.rowCacheBytes());
    return new MemoryPlan(
        limit, memtable, SEALED_MAX, cache, Math.min(BATCH_MAX, limit / BATCH_FRACTION));
  }
}
