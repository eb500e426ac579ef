package io.atlaskv.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// One run of a plan, in the calling thread.
///
/// Invariants:
/// - L1: at a fixed rate, pipeline i is due at start + i / rate. One that finds no free connection
///   waits for it, and its latency counts from when it was due: a server that stalls is charged for
///   all that would have come meanwhile.
/// - L2: after the start nothing is allocated per request.
final class LoadRun implements AutoCloseable {
  private static final int INPUT_BYTES = 1 << 18;
  private static final long LATENCY_MAX_NANOS = 60_000_000_000L;
  private static final long STALL_MILLIS = 60_000;
  private static final long SPIN_NANOS = 2_000_000; // select() waits whole milliseconds

  private final LoadPlan plan;
  private final Selector selector = Selector.open();
  private final SplittableRandom random;
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
  private final Histogram latencies = new Histogram(LATENCY_MAX_NANOS, 3);
  private final List<LoadConnection> connections = new ArrayList<>();
  private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
  private final int pipelines;
  private int begun;
  private int completed;
  private long stale;

  LoadRun(LoadPlan plan) throws IOException {
    this.plan = plan;
    random = new SplittableRandom(plan.seed());
    pipelines = Math.ceilDiv(plan.requests(), plan.pipeline());
    var template = RequestTemplate.parse(plan.request(), plan.keys(), plan.valueBytes());
    for (int i = 0; i < plan.clients(); i++) {
      var connection = new LoadConnection(plan.port(), selector, template, plan.pipeline());
      connections.add(connection);
      idle.add(connection);
    }
    if (!plan.channel().isEmpty()) {
      subscribe();
    }
  }

  LoadResult run() throws IOException {
    long cpu = processCpuNanos();
    long start = System.nanoTime();
    if (plan.ratePerSecond() > 0) {
      atFixedRate(start, plan.pipeline() * 1e9 / plan.ratePerSecond());
    } else {
      closedLoop();
    }
    long nanos = System.nanoTime() - start;
    double requests = (double) pipelines * plan.pipeline();
    long errors = connections.stream().mapToLong(LoadConnection::errors).sum();
    return new LoadResult(
        requests * 1e9 / nanos,
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        latencies.getValueAtPercentile(99.9) / 1e3,
        latencies.getMaxValue() / 1e3,
        (processCpuNanos() - cpu) / 1e3 / requests,
        stale,
        errors,
        connections.stream()
            .map(LoadConnection::firstError)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse(""));
  }

  private void closedLoop() throws IOException {
    for (var connection : connections) {
      if (begun < pipelines) {
        begun++;
        connection.send(random, System.nanoTime());
      }
    }
    Consumer<SelectionKey> onReady = this::readyThenNext;
    while (completed < pipelines) {
      requireProgress(selector.select(onReady, STALL_MILLIS) > 0);
    }
  }

  private void readyThenNext(SelectionKey key) {
    try {
      if (!(key.attachment() instanceof LoadConnection connection)) {
        discard(key);
        return;
      }
      if (connection.ready(input)) {
        long now = answered(connection);
        if (begun < pipelines) {
          begun++;
          connection.send(random, now);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void atFixedRate(long start, double nanosBetween) throws IOException {
    Consumer<SelectionKey> onReady = this::readyThenIdle;
    long progress = start;
    while (completed < pipelines) {
      long now = System.nanoTime();
      int before = completed;
      while (begun < pipelines && !idle.isEmpty() && due(start, nanosBetween) <= now) {
        var connection = idle.poll();
        connection.send(random, due(start, nanosBetween));
        begun++;
      }
      boolean isSpinning =
          begun < pipelines
              && !idle.isEmpty()
              && due(start, nanosBetween) - System.nanoTime() < SPIN_NANOS;
      if (isSpinning) {
        selector.selectNow(onReady);
      } else {
        selector.select(onReady, 1);
      }
      progress = completed > before ? now : progress;
      requireProgress(now - progress < STALL_MILLIS * 1_000_000);
    }
  }

  private long due(long start, double nanosBetween) {
    return start + (long) (begun * nanosBetween);
  }

  private void readyThenIdle(SelectionKey key) {
    try {
      if (!(key.attachment() instanceof LoadConnection connection)) {
        discard(key);
        return;
      }
      if (connection.ready(input)) {
        answered(connection);
        idle.add(connection);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long answered(LoadConnection connection) {
    long now = System.nanoTime();
    completed++;
    latencies.recordValueWithCount(
        Math.min(LATENCY_MAX_NANOS, now - connection.startNanos()), plan.pipeline());
    if (connection.sentMillis() > plan.absentAfterMillis()) {
      stale += connection.valuesFound();
    }
    return now;
  }

  private void requireProgress(boolean isMoving) {
    if (!isMoving) {
      throw new IllegalStateException(
          "no reply for a minute; " + completed + " of " + pipelines + " pipelines: " + plan);
    }
  }

  private void subscribe() throws IOException {
    var channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port()));
    channel.write(RequestTemplate.parse("SUBSCRIBE " + plan.channel(), 1, 1).buffer(1));
    var counter = new ReplyCounter();
    int replies = 0;
    while (replies == 0) {
      if (channel.read(input.clear()) < 0) {
        throw new EOFException("closed instead of subscribing");
      }
      replies = counter.take(input.flip());
    }
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  /// Reads what was published.
  private void discard(SelectionKey key) throws IOException {
    if (((SocketChannel) key.channel()).read(input.clear()) < 0) {
      throw new EOFException("the server closed the subscriber");
    }
  }

  private static long processCpuNanos() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getProcessCpuTime();
  }

  @Override
  public void close() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
