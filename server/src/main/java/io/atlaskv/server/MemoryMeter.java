package io.atlaskv.server;

import io.atlaskv.engine.internal.io.MachineMemory;
import io.atlaskv.engine.internal.io.ProcessMemory;
import io.atlaskv.redis.command.MemoryFigures;
import io.atlaskv.redis.store.Store;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Knows what memory the process uses, and the most of it that was seen. Any thread may ask.
final class MemoryMeter {
  private final long limitBytes;
  private final Store store;
  private final LongSupplier clientBytes;
  private final long machineBytes = MachineMemory.bytes();
  private final long startBytes;
  private final AtomicLong peakBytes;

  /// @param limitBytes what the process plans with
  MemoryMeter(long limitBytes, Store store, LongSupplier clientBytes) {
    this.limitBytes = limitBytes;
    this.store = store;
    this.clientBytes = clientBytes;
    startBytes = usedBytes();
    peakBytes = new AtomicLong(startBytes);
  }

  private long usedBytes() {
    return heapUsedBytes() + store.statistics().nativeBytes() + clientBytes.getAsLong();
  }

  private static long heapUsedBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Now and then: the peak is the highest of these moments.
  void sample() {
    peakBytes.accumulateAndGet(usedBytes(), Math::max);
  }

  /// From now on the peak is what is used now, or later.
  void resetPeak() {
    peakBytes.set(usedBytes());
  }

  MemoryFigures now() {
    long heap = heapUsedBytes();
    long storeBytes = store.statistics().nativeBytes();
    long clients = clientBytes.getAsLong();
    long peak = peakBytes.accumulateAndGet(heap + storeBytes + clients, Math::max);
    Runtime runtime = Runtime.getRuntime();
    return new MemoryFigures(
        limitBytes,
        ProcessMemory.residentBytes(),
        machineBytes,
        startBytes,
        peak,
        heap,
        runtime.totalMemory(),
        runtime.maxMemory(),
        storeBytes,
        clients);
  }
}
