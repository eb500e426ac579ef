package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import io.atlaskv.engine.internal.io.Signal;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The windows of a recovery. The reader, which is the caller, fills them; a task on the FLUSH lane
/// delivers their intact groups to the sink meanwhile; then they go back to the reader:
///
/// ```
/// next ─▶ filled ─▶ queue ─▶ delivered ─▶ oldest of busy: safe, or written again ─▶ next
///         (reader)           (task)                 (reader, when it wants the memory)
/// ```
///
/// Invariants:
/// - V1: windows are delivered in the order in which they were read, one at a time.
/// - V2: a window is filled again only after it was delivered, and after its groups were known to
///   be safe or written again. So what makes them safe are the bytes that were verified.
final class ReplayWindows implements LogWindows, AutoCloseable {
  /// How much memory recovery takes.
  ///
  /// @param windowBytes what is read at a time; only a larger group gets a larger window
  /// @param busyBytesMax what may be on its way. What is read in the meantime may say that the
  ///   oldest windows are safe, and save writing them again: the default is what a busy store with
  ///   `interval` writes between two syncs.
  record Sizes(int windowBytes, int busyBytesMax) {
    static final Sizes DEFAULT = new Sizes(1 << 20, 16 << 20);
  }

  private final Scheduler scheduler;
  private final Signal progress;
  private final BatchSink sink;
  private final Consumer<LogWindow> rewrite;
  private final Sizes sizes;
  private final Queue<LogWindow> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isDelivering = new AtomicBoolean();
  private volatile @Nullable Throwable failure;
  private long batches; // of the task, while it runs

  // The rest belongs to the reader.
  private final ArrayDeque<LogWindow> busy = new ArrayDeque<>(); // oldest first
  private final ArrayDeque<LogWindow> idle = new ArrayDeque<>();
  private @Nullable LogWindow current;
  private long busyBytes;
  private long durableThrough;

  /// @param rewrite writes the intact groups of a window again; windows come in the order of the
  ///   log
  ReplayWindows(Ports ports, BatchSink sink, Consumer<LogWindow> rewrite, Sizes sizes) {
    scheduler = ports.scheduler();
    progress = ports.waiter().signal();
    this.sink = sink;
    this.rewrite = rewrite;
    this.sizes = sizes;
  }

  @Override
  public int windowBytes() {
    return sizes.windowBytes();
  }

  /// Hands over the current window, and makes another one current, to be filled with `bytes`.
  @Override
  public LogWindow next(int bytes) {
    handOver();
    while (!busy.isEmpty() && busyBytes + bytes > sizes.busyBytesMax()) {
      reclaim();
    }
    LogWindow next = idle.isEmpty() ? new LogWindow() : idle.removeLast();
    current = next;
    return next;
  }

  /// Notes that all up to a sequence is safe.
  void durableThrough(long sequence) {
    durableThrough = Math.max(durableThrough, sequence);
  }

  /// Waits until all is delivered.
  void finish() {
    handOver();
    await(() -> queue.isEmpty() && !isDelivering.get());
  }

  /// Has written again what is not known to be safe; after `finish`.
  void makeSafe() {
    while (!busy.isEmpty()) {
      reclaim();
    }
  }

  /// Batches delivered; after `finish`.
  long batches() {
    return batches;
  }

  private void handOver() {
    LogWindow filled = current;
    current = null;
    if (filled == null) {
      return;
    }
    if (!filled.hasIntact()) {
      idle.add(filled);
      return;
    }
    busy.add(filled);
    busyBytes += filled.bytes();
    queue.add(filled);
    if (isDelivering.compareAndSet(false, true)) {
      scheduler.submit(Lane.FLUSH, this::deliverNext);
    }
  }

  /// Takes back the oldest window (V2).
  private void reclaim() {
    LogWindow oldest = busy.removeFirst();
    busyBytes -= oldest.bytes();
    idle.add(oldest);
    if (oldest.neededThrough() > durableThrough) {
      rewrite.accept(oldest);
    }
    await(oldest::isReplayed);
    oldest.clear(sizes.windowBytes());
  }

  private void await(BooleanSupplier isDone) {
    progress.await(() -> failure != null || isDone.getAsBoolean(), Long.MAX_VALUE);
    Throwable cause = failure;
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
  }

  /// One step of the task.
  private boolean deliverNext() {
    LogWindow window = failure == null ? queue.poll() : null;
    if (window != null) {
      try {
        deliver(window);
        window.replayed();
      } catch (RuntimeException | Error e) { // the reader throws it
        failure = e;
      }
      progress.wakeAll();
      return true;
    }
    isDelivering.set(false);
    boolean hasMore =
        failure == null && !queue.isEmpty() && isDelivering.compareAndSet(false, true);
    progress.wakeAll();
    return hasMore;
  }

  private void deliver(LogWindow window) {
    MemorySegment memory = window.memory();
    long end = window.intactTo() - window.start();
    long count = 0;
    for (long group = window.intactFrom() - window.start(); group < end; ) {
      int payloadBytes = memory.get(Layouts.LE_INT, group + LogGroupFormat.LENGTH_OFFSET);
      long sequence = memory.get(Layouts.LE_LONG, group + LogGroupFormat.FIRST_SEQUENCE_OFFSET);
      long timeMillis = memory.get(Layouts.LE_LONG, group + LogGroupFormat.TIME_OFFSET);
      long at = group + LogGroupFormat.HEADER_BYTES;
      long payloadEnd = at + payloadBytes;
      while (at < payloadEnd) {
        long length = WriteBatchFormat.bytesAt(memory, at, payloadEnd);
        try {
          sink.batch(sequence, timeMillis, memory, at, length);
        } catch (CorruptionException e) { // knows the place in the batch, not that of the batch
          throw new CorruptionException(
              window.name(), window.start() + at, "batch: " + e.getMessage(), e);
        }
        sequence += WriteBatchFormat.operationsAt(memory, at);
        count++;
        at += length;
      }
      group += LogGroupFormat.bytes(payloadBytes);
    }
    batches += count;
  }

  /// Waits until the sink is no longer called, and frees the memory.
  @Override
  public void close() {
    progress.await(() -> !isDelivering.get(), Long.MAX_VALUE);
    if (current != null) {
      current.close();
    }
    busy.forEach(LogWindow::close);
    idle.forEach(LogWindow::close);
  }
}
