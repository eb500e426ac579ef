package io.atlaskv.bench.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/// Wall time, process CPU time and sampled latencies of one workload.
public final class Stopwatch {
  /// One operation of so many is timed by itself: two clock reads for each would cost more than
  /// some of the operations.
  private static final int SAMPLING = 4;

  private static final long QUIET_WINDOW_NANOS = 200_000_000;
  private static final long QUIET_CPU_NANOS = 6_000_000;
  private static final long QUIET_DEADLINE_NANOS = 600_000_000_000L;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final LatencyHistogram latencies = new LatencyHistogram();
  private final long cpuAtStart = SYSTEM.getProcessCpuTime();
  private final long wallAtStart = System.nanoTime();
  private long lastSampleNanos = wallAtStart;
  private long longestNanos;

  static boolean isSampled(int operation) {
    return operation % SAMPLING == 0;
  }

  /// Also what lies between two samples counts for the longest stall: no pause is missed because
  /// the operation that met it was not sampled.
  void sample(long startNanos) {
    long now = System.nanoTime();
    latencies.record(now - startNanos);
    longestNanos = Math.max(longestNanos, now - lastSampleNanos);
    lastSampleNanos = now;
  }

  void add(LatencyHistogram samples) {
    latencies.add(samples);
    longestNanos = Math.max(longestNanos, samples.percentile(100));
  }

  /// For operations of another kind, which count for the longest stall only.
  void addLongest(LatencyHistogram samples) {
    longestNanos = Math.max(longestNanos, samples.percentile(100));
  }

  /// Ends the workload: what it left to do is done by `settle`, and counts as CPU, not as wall
  /// time.
  public Figures finish(String workload, int operations, Runnable settle) {
    long wall = System.nanoTime() - wallAtStart;
    long foreground = SYSTEM.getProcessCpuTime() - cpuAtStart;
    settle.run();
    awaitQuiet();
    long all = SYSTEM.getProcessCpuTime() - cpuAtStart;
    return new Figures(
        workload,
        operations * 1e9 / wall,
        foreground / 1e3 / operations,
        all / 1e3 / operations,
        latencies.percentile(50) / 1e3,
        latencies.percentile(99.9) / 1e3,
        longestNanos / 1e3);
  }

  /// Returns when no thread of this process works any more.
  public static void awaitQuiet() {
    long end = System.nanoTime() + QUIET_DEADLINE_NANOS;
    long before;
    do {
      before = SYSTEM.getProcessCpuTime();
      LockSupport.parkNanos(QUIET_WINDOW_NANOS);
    } while (SYSTEM.getProcessCpuTime() - before > QUIET_CPU_NANOS && System.nanoTime() < end);
  }
}
