package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.util.concurrent.atomic.AtomicBoolean;

/// Says in the log that all is safe, some time after a sync, if nothing was appended since. Nothing
/// depends on a mark being there: it is not synced.
final class IdleMark {
  private final LogProgress progress;
  private final GroupQueue queue;
  private final GroupWriter writer;
  private final Scheduler scheduler;
  private final long delayNanos;
  private final AtomicBoolean isQueued = new AtomicBoolean();

  IdleMark(
      LogProgress progress,
      GroupQueue queue,
      GroupWriter writer,
      Scheduler scheduler,
      long delayNanos) {
    this.progress = progress;
    this.queue = queue;
    this.writer = writer;
    this.scheduler = scheduler;
    this.delayNanos = delayNanos;
  }

  /// Has it looked for in a while. For whoever has synced.
  void queue() {
    if (!progress.isClosed() && !isQueued.get() && isQueued.compareAndSet(false, true)) {
      try {
        scheduler.schedule(Lane.SYNC, delayNanos, this::markIfIdle);
      } catch (ClosedException _) {
        // closed since the sync: the seal says more than a mark
      }
    }
  }

  private boolean markIfIdle() {
    isQueued.set(false);
    if (queue.mark()) {
      writer.writeMark();
    }
    return false;
  }
}
